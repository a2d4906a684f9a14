using System.Security.Cryptography;

namespace ServiceProviderOcm.Tests.Fuzz;

/// <summary>
/// Blocks of PEM text as <see cref="PemEncoding"/> finds them; but as in Go, the bits of the last Base64 character that encode nothing may have
/// any value.
/// </summary>
internal static class PemOracle
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    /// <summary>All blocks in their order, the content in hexadecimal.</summary>
    public static IReadOnlyList<(string Label, string Content)> Read(string text)
    {
        List<(string Label, string Content)> blocks = [];
        for (var rest = WithoutUnusedBits(text).AsSpan(); PemEncoding.TryFind(rest, out var fields); rest = rest[fields.Location.End..])
        {
            blocks.Add((rest[fields.Label].ToString(), Convert.ToHexString(Convert.FromBase64String(rest[fields.Base64Data].ToString()))));
        }

        return blocks;
    }

    // Those are two for each character of padding.
    private static string WithoutUnusedBits(string text)
    {
        var characters = text.ToCharArray();
        var (last, padding) = (-1, 0);
        for (var at = 0; at < characters.Length; at++)
        {
            var character = characters[at];
            if (Alphabet.Contains(character, StringComparison.Ordinal))
            {
                (last, padding) = (at, 0);
            }
            else if (character == '=' && last >= 0 && padding < 2)
            {
                padding++;
                var value = Alphabet.IndexOf(characters[last], StringComparison.Ordinal);
                characters[last] = Alphabet[value >> (2 * padding) << (2 * padding)];
            }
            else if (!char.IsWhiteSpace(character))
            {
                last = -1;
            }
        }

        return new string(characters);
    }
}

using System.Security.Cryptography;

namespace ServiceProviderOcm.Tests.Fuzz;

/// <summary>Blocks of PEM text as <see cref="PemEncoding"/> finds them.</summary>
internal static class PemOracle
{
    /// <summary>All blocks in their order, the content in hexadecimal.</summary>
    public static IReadOnlyList<(string Label, string Content)> Read(string text)
    {
        List<(string Label, string Content)> blocks = [];
        for (var rest = text.AsSpan(); PemEncoding.TryFind(rest, out var fields); rest = rest[fields.Location.End..])
        {
            blocks.Add((rest[fields.Label].ToString(), Convert.ToHexString(Convert.FromBase64String(rest[fields.Base64Data].ToString()))));
        }

        return blocks;
    }
}

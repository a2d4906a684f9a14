using System.Globalization;

namespace ServiceProviderOcm.Core.Kubernetes.Text;

/// <summary>
/// Halves of surrogate pairs in JSON strings, such as <c>\ud800</c>. Go reads each as U+FFFD; <see cref="System.Text.Json"/> throws
/// when the string is used.
/// </summary>
internal static class LoneSurrogates
{
    private const int EscapeLength = 6;

    /// <summary>Replaces them in JSON text, which keeps its length.</summary>
    public static void Replace(Span<byte> json)
    {
        for (var at = 0; at < json.Length;)
        {
            var next = json[at..].IndexOf((byte)'\\');
            if (next < 0)
            {
                return;
            }

            at += next;
            at += CodeAt(json[at..]) switch
            {
                < 0 => 2,
                >= 0xd800 and <= 0xdbff when CodeAt(json[(at + EscapeLength)..]) is >= 0xdc00 and <= 0xdfff => 2 * EscapeLength,
                >= 0xd800 and <= 0xdfff => ReplaceAt(json[at..]),
                _ => EscapeLength,
            };
        }
    }

    private static int ReplaceAt(Span<byte> json)
    {
        "\\ufffd"u8.CopyTo(json);
        return EscapeLength;
    }

    // The code of an escape; -1: there is none.
    private static int CodeAt(ReadOnlySpan<byte> json) =>
        json.StartsWith("\\u"u8) && json.Length >= EscapeLength
            && ushort.TryParse(json[2..EscapeLength], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)
                ? code
                : -1;
}

using System.Globalization;

namespace ServiceProviderOcm.Core.Kubernetes.Text;

/// <summary>
/// Halves of surrogate pairs in JSON strings, such as <c>\ud800</c>. Go reads each as U+FFFD; <see cref="System.Text.Json"/> throws
/// when the string is used.
/// </summary>
internal static class LoneSurrogates
{
    /// <summary>The maximum number of bytes that <see cref="Replace(Span{byte}, bool)"/> leaves undecided.</summary>
    public const int MaxUndecided = (2 * EscapeLength) - 1;

    private const int EscapeLength = 6;

    /// <summary>Replaces them in JSON text, which keeps its length.</summary>
    public static void Replace(Span<byte> json) => Replace(json, isFinal: true);

    /// <summary>Replaces them in a part of JSON text.</summary>
    /// <param name="json">The part. It does not begin within an escape.</param>
    /// <param name="isFinal">Whether nothing follows.</param>
    /// <returns>How many bytes are done; an escape behind them depends on what follows.</returns>
    public static int Replace(Span<byte> json, bool isFinal)
    {
        for (var at = 0; ;)
        {
            var next = json[at..].IndexOf((byte)'\\');
            if (next < 0)
            {
                return json.Length;
            }

            at += next;
            if (!isFinal && DependsOnMore(json[at..]))
            {
                return at;
            }

            at = Math.Min(json.Length, at + ReplaceEscape(json[at..]));
        }
    }

    // The length of what is done.
    private static int ReplaceEscape(Span<byte> json)
    {
        switch (CodeAt(json))
        {
            case < 0:
                return 2;
            case >= 0xd800 and <= 0xdbff when CodeAt(json[EscapeLength..]) is >= 0xdc00 and <= 0xdfff:
                return 2 * EscapeLength;
            case >= 0xd800 and <= 0xdfff:
                "\\ufffd"u8.CopyTo(json);
                return EscapeLength;
            default:
                return EscapeLength;
        }
    }

    private static bool DependsOnMore(ReadOnlySpan<byte> json) => json.Length < EscapeLength
        ? json.Length < 2 || json[1] == (byte)'u'
        : json.Length < 2 * EscapeLength && CodeAt(json) is >= 0xd800 and <= 0xdbff
            && "\\u"u8.StartsWith(json[EscapeLength..Math.Min(json.Length, EscapeLength + 2)]);

    // The code of an escape; -1: there is none.
    private static int CodeAt(ReadOnlySpan<byte> json) =>
        json.StartsWith("\\u"u8) && json.Length >= EscapeLength
            && ushort.TryParse(json[2..EscapeLength], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)
                ? code
                : -1;
}

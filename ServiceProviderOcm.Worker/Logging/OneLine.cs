using System.Globalization;
using System.Text;
using ServiceProviderOcm.Core.Kubernetes.Text;

namespace ServiceProviderOcm.Worker.Logging;

/// <summary>Escapes external text, so that it can neither start a line, nor control the terminal, nor reorder what is shown.</summary>
internal static class OneLine
{
    public static string Of(string text) => PrintableText.OneLine(text);

    /// <summary>
    /// The same for JSON in one line or several, which must be valid: what JSON's encoder leaves as it is and a terminal does not show, such
    /// as bidirectional characters, is only in its strings.
    /// </summary>
    public static string OfJson(string json)
    {
        StringBuilder? escaped = null;
        var at = 0;
        foreach (var rune in json.EnumerateRunes())
        {
            if (PrintableText.IsPrintable(rune) || rune.Value is '\n' or '\r')
            {
                escaped?.Append(json, at, rune.Utf16SequenceLength);
            }
            else
            {
                escaped ??= new StringBuilder(json, 0, at, json.Length + 16);
                for (var unit = at; unit < at + rune.Utf16SequenceLength; unit++)
                {
                    escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)json[unit]:x4}");
                }
            }

            at += rune.Utf16SequenceLength;
        }

        return escaped?.ToString() ?? json;
    }
}

using System.Text;

namespace ServiceProviderOcm.Core.Kubernetes.Text;

/// <summary>
/// Text that another system wrote, in the form in which messages quote it: one line, without control and format characters, without
/// values of Secrets, and short.
/// </summary>
public static class ForeignText
{
    /// <summary>The maximum length of a quotation, in bytes of UTF-8.</summary>
    public const int MaxBytes = 512;

    internal const string Ellipsis = "…";

    // No API server stores a longer message. The limit bounds the work.
    private const int MaxRead = 128 * 1024;

    /// <summary>Quotes a text; empty if there is none.</summary>
    /// <param name="text">What another system wrote.</param>
    /// <param name="secrets">The values that must not be shown; null if none are known.</param>
    public static string Quote(string? text, SecretValues? secrets = null)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "";
        }

        var line = Line(text.Length > MaxRead ? text[..MaxRead] : text).Trim();
        return Cut((secrets ?? SecretValues.None).Redact(line), MaxBytes, Ellipsis);
    }

    /// <summary>
    /// The text in one line: white space becomes one space, all other control and format characters (bidirectional ones among them)
    /// are left out, and lone surrogates are replaced.
    /// </summary>
    public static string Line(string text)
    {
        var line = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune))
            {
                line.Append(line.Length == 0 || line[^1] != ' ' ? " " : "");
            }
            else if (PrintableText.IsPrintable(rune))
            {
                line.Append(rune.ToString());
            }
        }

        return line.ToString();
    }

    /// <summary>The beginning of a text, without a part of a character.</summary>
    /// <param name="text">The text.</param>
    /// <param name="maxBytes">The maximum length of the result, in bytes of UTF-8.</param>
    /// <param name="ellipsis">What stands for the rest of a longer text.</param>
    public static string Cut(string text, int maxBytes, string ellipsis = "")
    {
        if (Encoding.UTF8.GetByteCount(text) <= maxBytes)
        {
            return text;
        }

        var room = maxBytes - Encoding.UTF8.GetByteCount(ellipsis);
        var length = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            room -= rune.Utf8SequenceLength;
            if (room < 0)
            {
                break;
            }

            length += rune.Utf16SequenceLength;
        }

        return text[..length] + ellipsis;
    }
}

using System.Globalization;
using System.Text;

namespace ServiceProviderOcm.Core.Kubernetes.Text;

/// <summary>Escapes external text, so that it can neither start a line, nor control a terminal, nor reorder what is shown.</summary>
public static class PrintableText
{
    /// <summary>
    /// The text in one line: control and format characters (bidirectional ones among them), separators of lines and lone surrogates
    /// are written as <c>\u202e</c>.
    /// </summary>
    public static string OneLine(string text) => Escape(text, keepsLines: false, Single);

    /// <summary>YAML whose strings with such characters are in double quotes, with these escaped.</summary>
    public static string Yaml(string yaml) => Escape(yaml, keepsLines: true, Single);

    /// <summary>JSON with such characters escaped.</summary>
    public static string Json(string json) => Escape(json, keepsLines: true, Pairs);

    /// <summary>Whether a character is shown as itself, at the place where it stands.</summary>
    internal static bool IsPrintable(Rune rune) => rune.IsAscii
        ? rune.Value is >= ' ' and <= '~'
        : Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate);

    private static string Escape(string text, bool keepsLines, Func<ReadOnlySpan<char>, string> escape)
    {
        StringBuilder? escaped = null;
        for (var at = 0; at < text.Length;)
        {
            var isRune = Rune.TryGetRuneAt(text, at, out var rune);
            var length = isRune ? rune.Utf16SequenceLength : 1;
            if (isRune && (IsPrintable(rune) || (keepsLines && rune.Value == '\n')))
            {
                escaped?.Append(text, at, length);
            }
            else
            {
                escaped ??= new StringBuilder(text, 0, at, text.Length + 16);
                escaped.Append(escape(text.AsSpan(at, length)));
            }

            at += length;
        }

        return escaped?.ToString() ?? text;
    }

    private static string Single(ReadOnlySpan<char> character) => character.Length == 1
        ? Pairs(character)
        : string.Create(CultureInfo.InvariantCulture, $"\\U{char.ConvertToUtf32(character[0], character[1]):x8}");

    private static string Pairs(ReadOnlySpan<char> character) => character.Length == 1
        ? string.Create(CultureInfo.InvariantCulture, $"\\u{(int)character[0]:x4}")
        : Pairs(character[..1]) + Pairs(character[1..]);
}

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
    public static string OneLine(string text) => Escape(text, isKept: _ => false);

    /// <summary>Like <see cref="OneLine"/>, but line feeds stay.</summary>
    public static string Lines(string text) => Escape(text, isKept: rune => rune.Value == '\n');

    /// <summary>Whether a character is shown as itself, at the place where it stands.</summary>
    public static bool IsPrintable(Rune rune) => rune.IsAscii
        ? rune.Value is >= ' ' and <= '~'
        : Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate);

    private static string Escape(string text, Func<Rune, bool> isKept)
    {
        StringBuilder? escaped = null;
        for (var at = 0; at < text.Length;)
        {
            var isRune = Rune.TryGetRuneAt(text, at, out var rune);
            var length = isRune ? rune.Utf16SequenceLength : 1;
            if (isRune && (IsPrintable(rune) || isKept(rune)))
            {
                escaped?.Append(text, at, length);
            }
            else
            {
                escaped ??= new StringBuilder(text, 0, at, text.Length + 16);
                escaped.Append(CultureInfo.InvariantCulture, $"{(length == 2 ? "\\U" : "\\u")}{Code(text, at, rune, isRune)}");
            }

            at += length;
        }

        return escaped?.ToString() ?? text;
    }

    private static string Code(string text, int at, Rune rune, bool isRune) =>
        (isRune ? rune.Value : text[at]).ToString(isRune && rune.Value > char.MaxValue ? "x8" : "x4", CultureInfo.InvariantCulture);
}

using System.Globalization;
using System.Text.Json.Nodes;

namespace ServiceProviderOcm.Core.Kubernetes.Yaml;

/// <summary>
/// What is not quoted, as Kubernetes' tools read it, which is YAML 1.1: <c>yes</c> is true, <c>0644</c> is octal, and digits
/// may be grouped as in <c>1_000</c>.
/// </summary>
/// <remarks>Follows <c>resolve</c> of go-yaml 2, which sigs.k8s.io/yaml uses.</remarks>
internal static class PlainScalars
{
    private static readonly Dictionary<string, object?> Words = new(StringComparer.Ordinal);

    static PlainScalars()
    {
        Add(null, "", "~", "null", "Null", "NULL");
        Add(true, "y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "true", "True", "TRUE");
        Add(false, "n", "N", "no", "No", "NO", "off", "Off", "OFF", "false", "False", "FALSE");
        Add(double.NaN, ".nan", ".NaN", ".NAN");
        Add(double.PositiveInfinity, ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF");
        Add(double.NegativeInfinity, "-.inf", "-.Inf", "-.INF");

        static void Add(object? value, params ReadOnlySpan<string> words)
        {
            foreach (var word in words)
            {
                Words.Add(word, value);
            }
        }
    }

    /// <summary>
    /// The value: null, a <see cref="bool"/>, a <see cref="long"/>, a <see cref="ulong"/> beyond those, a <see cref="double"/>, or the
    /// text itself.
    /// </summary>
    public static object? Read(string text) =>
        Words.TryGetValue(text, out var word) ? word
        : text[0] == '.' ? Fraction(text) ?? (object)text
        : text[0] is '+' or '-' || char.IsAsciiDigit(text[0]) ? Number(text.Replace("_", "", StringComparison.Ordinal)) ?? text
        : text;

    /// <summary>The JSON of a value; null for one that JSON does not have, such as an infinite number.</summary>
    public static bool TryToJson(object? value, out JsonNode? json)
    {
        json = value switch
        {
            bool flag => flag,
            long whole => whole,
            ulong large => (double)large,
            double fraction when TryToWhole(fraction, out var integer) => integer,
            double fraction when double.IsFinite(fraction) => fraction,
            string text => text,
            _ => null,
        };
        return json is not null || value is null;
    }

    // Go's encoder writes the shortest digits that read back as the same number, and its decoder takes them for a whole number.
    private static bool TryToWhole(double fraction, out long whole)
    {
        decimal digits = 0;
        var text = fraction.ToString("R", CultureInfo.InvariantCulture);
        var isWhole = double.IsInteger(fraction)
            && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out digits)
            && digits is >= long.MinValue and <= long.MaxValue;
        whole = isWhole ? (long)digits : 0;
        return isWhole;
    }

    /// <summary>Whether the text can be written without quotes, and any reader takes it for text. In doubt it cannot.</summary>
    public static bool IsSafe(string text) =>
        text.Length > 1 && IsSafeFirst(text[0]) && text[^1] != ':' && text.All(character => IsSafeFirst(character)
            || char.IsAsciiDigit(character) || character is '.' or '@' or '+' or '=' or ':' or '-') && Read(text) is string;

    private static bool IsSafeFirst(char character) => char.IsAsciiLetter(character) || character is '/' or '_';

    private static object? Number(string text) => Whole(text) ?? Fraction(text);

    private static object? Whole(string text)
    {
        var digits = text.AsSpan(text[0] is '+' or '-' ? 1 : 0);
        var radix = RadixOf(ref digits);
        if (digits.IsEmpty || !TryRead(digits, radix, out var value))
        {
            return null;
        }

        return text[0] switch
        {
            '-' => value <= (ulong)long.MaxValue + 1 ? unchecked(-(long)value) : null,
            '+' => value <= long.MaxValue ? (long)value : null,
            _ => value <= long.MaxValue ? (long)value : value,
        };
    }

    private static uint RadixOf(ref ReadOnlySpan<char> digits)
    {
        var (radix, prefix) = digits switch
        {
            ['0', 'x' or 'X', ..] => (16u, 2),
            ['0', 'b' or 'B', ..] => (2u, 2),
            ['0', 'o' or 'O', ..] => (8u, 2),
            ['0', _, ..] => (8u, 1),
            _ => (10u, 0),
        };
        digits = digits[prefix..];
        return radix;
    }

    private static bool TryRead(ReadOnlySpan<char> digits, uint radix, out ulong value)
    {
        value = 0;
        foreach (var digit in digits)
        {
            var next = char.IsAsciiHexDigit(digit) ? (uint)Convert.FromHexString(['0', digit])[0] : radix;
            if (next >= radix || (UInt128)value * radix + next > ulong.MaxValue)
            {
                return false;
            }

            value = (value * radix) + next;
        }

        return true;
    }

    private static double? Fraction(string text)
    {
        var rest = text.AsSpan(text[0] is '+' or '-' ? 1 : 0);
        var whole = SkipDigits(ref rest);
        var fraction = 0;
        if (rest.StartsWith('.'))
        {
            rest = rest[1..];
            fraction = SkipDigits(ref rest);
        }

        var isNumber = whole + fraction > 0 && (rest.IsEmpty || IsExponent(rest));
        return isNumber
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number)
            ? number
            : null;
    }

    private static bool IsExponent(ReadOnlySpan<char> text)
    {
        if (text[0] is not ('e' or 'E'))
        {
            return false;
        }

        text = text[(text.Length > 1 && text[1] is '+' or '-' ? 2 : 1)..];
        return SkipDigits(ref text) > 0 && text.IsEmpty;
    }

    private static int SkipDigits(ref ReadOnlySpan<char> text)
    {
        var count = text.IndexOfAnyExceptInRange('0', '9') is >= 0 and var end ? end : text.Length;
        text = text[count..];
        return count;
    }
}

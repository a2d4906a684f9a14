using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace ServiceProviderOcm.Tests.Fuzz;

/// <summary>Durations as Go's documentation describes them, in exact numbers.</summary>
internal static class DurationOracle
{
    private static readonly Regex Whole = new(
        @"^[+-]?(0|(([0-9]+\.?[0-9]*|\.[0-9]+)(ns|us|\u00b5s|\u03bcs|ms|s|m|h))+)\z",
        RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    private static readonly Regex Part = new(
        @"(?<whole>[0-9]*)\.?(?<fraction>[0-9]*)(?<unit>ns|us|\u00b5s|\u03bcs|ms|s|m|h)",
        RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    private static readonly BigInteger Most = BigInteger.Pow(2, 63);

    /// <summary>The nanoseconds of a duration; null: it is none, or too long for 64 bits.</summary>
    public static BigInteger? Read(string text)
    {
        if (!Whole.IsMatch(text))
        {
            return null;
        }

        var isNegative = text.StartsWith('-');
        var (sum, isTooLong) = (BigInteger.Zero, false);
        foreach (Match part in Part.Matches(text))
        {
            var unit = Unit(part.Groups["unit"].Value);
            var fraction = part.Groups["fraction"].Value is { Length: > 15 } digits ? digits[..15] : part.Groups["fraction"].Value;
            var value = (Number(part.Groups["whole"].Value) * unit)
                + (Number(fraction) * unit / BigInteger.Pow(10, fraction.Length));
            isTooLong |= value > Most;
            sum += value;
        }

        return isTooLong || sum > (isNegative ? Most : Most - 1) ? null : isNegative ? -sum : sum;
    }

    private static BigInteger Number(string digits) =>
        digits.Length == 0 ? BigInteger.Zero
        : digits.TrimStart('0').Length > 40 ? Most * Most
        : BigInteger.Parse(digits, CultureInfo.InvariantCulture);

    private static long Unit(string unit) => unit switch
    {
        "ns" => 1,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        _ => 1_000,
    };
}

using System.Buffers;

namespace ServiceProviderOcm.Core.Model.Configuration;

/// <summary>Durations as Go and Kubernetes write them: <c>90s</c>, <c>1h30m</c>, <c>1.5h</c>.</summary>
public static class GoDuration
{
    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create(".0123456789");

    private const ulong NanosecondsPerTick = 100;

    // Go counts nanoseconds in 64 bits, the most of which is 2^63 below zero.
    private const ulong Most = 1UL << 63;

    /// <summary>Reads a duration as <c>time.ParseDuration</c> does; false if the text is none, or is too large for Go.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        var rest = text.AsSpan();
        var isNegative = rest.StartsWith('-');
        if (isNegative || rest.StartsWith('+'))
        {
            rest = rest[1..];
        }

        if (rest is "0")
        {
            return true;
        }

        ulong nanoseconds = 0;
        var isEmpty = rest.IsEmpty;
        while (!rest.IsEmpty)
        {
            if (!TryReadPart(ref rest, out var part) || part > Most - nanoseconds)
            {
                return false;
            }

            nanoseconds += part;
        }

        if (isEmpty || (nanoseconds == Most && !isNegative))
        {
            return false;
        }

        var ticks = (long)(nanoseconds / NanosecondsPerTick);
        duration = TimeSpan.FromTicks(isNegative ? -ticks : ticks);
        return true;
    }

    private static bool TryReadPart(ref ReadOnlySpan<char> rest, out ulong nanoseconds)
    {
        nanoseconds = 0;
        if (!TryReadWhole(ref rest, out var whole, out var digits))
        {
            return false;
        }

        var (fraction, scale) = (0UL, 1.0);
        if (rest.StartsWith('.'))
        {
            rest = rest[1..];
            digits += ReadFraction(ref rest, out fraction, out scale);
        }

        var unit = ReadUnit(ref rest);
        if (digits == 0 || unit == 0 || whole > Most / unit)
        {
            return false;
        }

        nanoseconds = (whole * unit) + (ulong)(fraction * (unit / scale));
        return nanoseconds <= Most;
    }

    private static bool TryReadWhole(ref ReadOnlySpan<char> rest, out ulong value, out int digits)
    {
        (value, digits) = (0, 0);
        for (; digits < rest.Length && char.IsAsciiDigit(rest[digits]); digits++)
        {
            if (value > Most / 10)
            {
                return false;
            }

            value = (value * 10) + (ulong)(rest[digits] - '0');
            if (value > Most)
            {
                return false;
            }
        }

        rest = rest[digits..];
        return true;
    }

    // Digits beyond what fits are ignored.
    private static int ReadFraction(ref ReadOnlySpan<char> rest, out ulong value, out double scale)
    {
        (value, scale) = (0, 1);
        var (digits, isFull) = (0, false);
        for (; digits < rest.Length && char.IsAsciiDigit(rest[digits]); digits++)
        {
            var next = isFull || value > (Most - 1) / 10 ? Most + 1 : (value * 10) + (ulong)(rest[digits] - '0');
            isFull |= next > Most;
            if (!isFull)
            {
                (value, scale) = (next, scale * 10);
            }
        }

        rest = rest[digits..];
        return digits;
    }

    private static ulong ReadUnit(ref ReadOnlySpan<char> rest)
    {
        var length = rest.IndexOfAny(NumberCharacters);
        var unit = length < 0 ? rest : rest[..length];
        rest = rest[unit.Length..];
        return unit switch
        {
            "ns" => 1,
            "us" or "µs" or "μs" => 1_000,
            "ms" => 1_000_000,
            "s" => 1_000_000_000,
            "m" => 60_000_000_000,
            "h" => 3_600_000_000_000,
            _ => 0,
        };
    }
}

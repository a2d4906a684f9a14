using System.Globalization;
using System.Text.RegularExpressions;

namespace ServiceProviderOcm.Core.Model.Configuration;

/// <summary>Durations as Go and Kubernetes write them: <c>90s</c>, <c>1h30m</c>, <c>1.5h</c>.</summary>
public static partial class GoDuration
{
    /// <summary>Reads a duration; false if the text is none, or is too large for a <see cref="TimeSpan"/>.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        var match = Pattern().Match(text);
        if (!match.Success)
        {
            return false;
        }

        if (match.Groups["zero"].Success)
        {
            return true;
        }

        decimal ticks = 0;
        for (var i = 0; i < match.Groups["number"].Captures.Count; i++)
        {
            var ticksPerUnit = TicksPer(match.Groups["unit"].Captures[i].Value);
            if (!decimal.TryParse(
                match.Groups["number"].Captures[i].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                || number > TimeSpan.MaxValue.Ticks / ticksPerUnit)
            {
                return false;
            }

            ticks += number * ticksPerUnit;
            if (ticks > TimeSpan.MaxValue.Ticks)
            {
                return false;
            }
        }

        duration = TimeSpan.FromTicks((long)(match.Groups["sign"].Value == "-" ? -ticks : ticks));
        return true;
    }

    private static decimal TicksPer(string unit) => unit switch
    {
        "h" => TimeSpan.TicksPerHour,
        "m" => TimeSpan.TicksPerMinute,
        "s" => TimeSpan.TicksPerSecond,
        "ms" => TimeSpan.TicksPerMillisecond,
        "ns" => 0.01m,
        _ => TimeSpan.TicksPerMicrosecond,
    };

    [GeneratedRegex(
        @"^(?<sign>[+-]?)((?<zero>0)|((?<number>([0-9]+\.?[0-9]*|\.[0-9]+))(?<unit>ns|us|µs|μs|ms|s|m|h))+)\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}

using System.Globalization;

namespace ServiceProviderOcm.Worker.Output;

/// <summary>An age in the format of kubectl.</summary>
internal static class Age
{
    public static string Of(TimeSpan age) => age switch
    {
        { Ticks: < 0 } => "0s",
        { TotalSeconds: < 120 } => Whole(age.TotalSeconds, "s"),
        { TotalMinutes: < 10 } => Two((int)age.TotalMinutes, "m", age.Seconds, "s"),
        { TotalHours: < 3 } => Whole(age.TotalMinutes, "m"),
        { TotalHours: < 8 } => Two((int)age.TotalHours, "h", age.Minutes, "m"),
        { TotalHours: < 48 } => Whole(age.TotalHours, "h"),
        { TotalDays: < 8 } => Two((int)age.TotalDays, "d", age.Hours, "h"),
        { TotalDays: < 365 * 2 } => Whole(age.TotalDays, "d"),
        { TotalDays: < 365 * 8 } => Two((int)age.TotalDays / 365, "y", (int)age.TotalDays % 365, "d"),
        _ => Whole(age.TotalDays / 365, "y"),
    };

    private static string Two(int count, string unit, int rest, string smaller) =>
        rest == 0 ? Whole(count, unit) : Whole(count, unit) + Whole(rest, smaller);

    private static string Whole(double count, string unit) => string.Create(CultureInfo.InvariantCulture, $"{(long)count}{unit}");
}

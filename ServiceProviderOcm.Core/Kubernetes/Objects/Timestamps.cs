using System.Globalization;

namespace ServiceProviderOcm.Core.Kubernetes.Objects;

/// <summary>Formats times as the Kubernetes API does: RFC 3339 in UTC.</summary>
public static class Timestamps
{
    /// <summary><c>metav1.Time</c>: whole seconds.</summary>
    public static string Time(DateTimeOffset time) => Format(time, "yyyy-MM-dd'T'HH:mm:ss'Z'");

    /// <summary>A time as <see cref="Time"/> keeps it.</summary>
    public static DateTimeOffset WholeSeconds(DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerSecond));

    /// <summary><c>metav1.MicroTime</c>: exactly six decimal places; API servers reject any other number.</summary>
    public static string MicroTime(DateTimeOffset time) => Format(time, "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'");

    /// <summary>Exactly three decimal places, as in log lines.</summary>
    public static string Milliseconds(DateTimeOffset time) => Format(time, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'");

    private static string Format(DateTimeOffset time, string format) => time.UtcDateTime.ToString(format, CultureInfo.InvariantCulture);
}

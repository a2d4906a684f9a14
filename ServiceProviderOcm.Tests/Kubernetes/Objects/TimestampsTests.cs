using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Tests.Kubernetes.Objects;

public sealed class TimestampsTests
{
    private static readonly DateTimeOffset Time = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(2)).AddMicroseconds(60);

    [Test]
    public void Times_are_in_UTC_with_whole_seconds() => Assert.That(Timestamps.Time(Time), Is.EqualTo("2026-01-02T01:04:05Z"));

    [Test]
    public void Micro_times_have_six_decimal_places() =>
        Assert.That(Timestamps.MicroTime(Time), Is.EqualTo("2026-01-02T01:04:05.000060Z"));
}

using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.WorkQueue;

namespace ServiceProviderOcm.Tests.Kubernetes.WorkQueue;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RetryRateTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly RetryRate _rate;

    public RetryRateTests() => _rate = new RetryRate(perSecond: 10, burst: 3, _time);

    [Test]
    public void After_a_burst_the_retries_of_a_namespace_have_the_whole_rate() =>
        Assert.That(Take("a", 6), Is.EqualTo([0, 0, 0, 100, 200, 300]));

    [Test]
    public void A_namespace_with_many_failures_does_not_delay_the_retries_of_others()
    {
        Take("a", 2000);

        Assert.That(Take("b", 3), Is.EqualTo([200, 400, 600]));
        Assert.That(Take("c", 1), Is.EqualTo([300]));
    }

    [Test]
    public void A_namespace_without_failures_of_late_has_no_share()
    {
        Take("a", 4);
        Take("b", 1);
        _time.Advance(TimeSpan.FromMilliseconds(250));

        Assert.That(Take("c", 3), Is.EqualTo([50, 150, 250]));
    }

    private double[] Take(string ns, int times) =>
        [.. Enumerable.Range(0, times).Select(_ => Math.Round(_rate.Take(ns).TotalMilliseconds, 3))];
}

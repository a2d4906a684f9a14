using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.WorkQueue;

namespace ServiceProviderOcm.Tests.Kubernetes.WorkQueue;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RateLimitsTests
{
    private static readonly ObjectKey A = new("ns", "a");

    private readonly FakeTimeProvider _time = new();
    private readonly RateLimits<ObjectKey> _limiter;

    public RateLimitsTests() => _limiter = new RateLimits<ObjectKey>(burst: 2, perSecond: 0.125, _time);

    [Test]
    public void After_a_burst_operations_of_an_OCM_wait_for_the_interval()
    {
        Assert.That(
            Enumerable.Range(0, 3).Select(_ => _limiter.TryTake(A)),
            Is.EqualTo([TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromSeconds(8)]));
        _time.Advance(TimeSpan.FromSeconds(8));
        Assert.That(_limiter.TryTake(A), Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public void Other_OCMs_have_their_own_limit()
    {
        _limiter.TryTake(A);
        _limiter.TryTake(A);

        Assert.That(_limiter.TryTake(new ObjectKey("ns", "b")), Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public void An_OCM_is_forgotten_once_all_its_turns_are_there_again()
    {
        _limiter.TryTake(A);
        _limiter.TryTake(A);

        _time.Advance(TimeSpan.FromSeconds(15));
        Assert.That(_limiter.Count, Is.EqualTo(1));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(_limiter.Count, Is.Zero);
    }

    [Test]
    public void OCMs_without_operations_of_late_are_dropped()
    {
        for (var number = 0; number < 10_000; number++)
        {
            _limiter.TryTake(new ObjectKey("ns", $"{number}"));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.That(_limiter.Count, Is.LessThan(1100));
    }
}

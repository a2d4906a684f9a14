using FsCheck;
using FsCheck.Fluent;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Timing;
using ServiceProviderOcm.Core.Kubernetes.WorkQueue;

namespace ServiceProviderOcm.Tests.Kubernetes.WorkQueue;

public sealed class KeyedBackoffTests
{
    private static readonly ObjectKey Key = new("ns", "a");
    private static readonly ObjectKey Other = new("ns", "b");
    private static readonly TimeSpan Base = TimeSpan.FromMilliseconds(8);
    private static readonly TimeSpan Max = TimeSpan.FromSeconds(1);

    [Test]
    public void The_delay_doubles_with_each_failure_up_to_the_maximum()
    {
        var backoff = new KeyedBackoff(new Backoff(Base, Max, new LeastJitter()));

        var delays = Enumerable.Range(0, 10).Select(_ => Math.Round(backoff.Next(Key).TotalMilliseconds));

        Assert.That(delays, Is.EqualTo([8, 16, 32, 64, 128, 256, 512, 1000, 1000, 1000]));
    }

    [Test]
    public void Jitter_shortens_a_delay_by_up_to_a_half() => Prop.ForAll(
            ArbMap.Default.ArbFor<int>(),
            seed =>
            {
                var backoff = new KeyedBackoff(new Backoff(Base, Max, new Random(seed)));
                return Enumerable.Range(0, 100).All(failures =>
                {
                    var full = Math.Min(Base.TotalMilliseconds * Math.Pow(2, failures), Max.TotalMilliseconds);
                    var delay = backoff.Next(Key).TotalMilliseconds;
                    return delay >= full / 2 && delay <= full;
                });
            })
        .QuickCheckThrowOnFailure();

    [Test]
    public void Keys_that_failed_together_are_retried_at_different_times()
    {
        var backoff = new KeyedBackoff(new Backoff(Max, Max, new Random(1)));

        Assert.That(
            Enumerable.Range(0, 100).Select(number => backoff.Next(new ObjectKey("ns", $"{number}"))).Distinct().Count(), Is.GreaterThan(90));
    }

    [Test]
    public void Each_key_has_its_own_back_off_until_it_is_forgotten()
    {
        var backoff = new KeyedBackoff(new Backoff(Base, Max, new LeastJitter()));
        backoff.Next(Key);
        backoff.Next(Key);

        Assert.That(backoff.Next(Other), Is.EqualTo(Base).Within(TimeSpan.FromMilliseconds(1)));
        backoff.Forget(Key);
        Assert.That(backoff.Next(Key), Is.EqualTo(Base).Within(TimeSpan.FromMilliseconds(1)));
    }

    [Test]
    public void The_longest_possible_delay_does_not_overflow()
    {
        var backoff = new KeyedBackoff(new Backoff(TimeSpan.MaxValue, TimeSpan.MaxValue, new LeastJitter()));

        Assert.That(Enumerable.Range(0, 100).Select(_ => backoff.Next(Key)), Has.All.GreaterThan(TimeSpan.FromDays(365)));
    }

    /// <summary>The least jitter.</summary>
    private sealed class LeastJitter : Random
    {
        public override double NextDouble() => Math.BitDecrement(1.0);
    }
}

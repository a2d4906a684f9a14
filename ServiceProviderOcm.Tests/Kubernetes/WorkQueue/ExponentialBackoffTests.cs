using FsCheck;
using FsCheck.Fluent;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.WorkQueue;

namespace ServiceProviderOcm.Tests.Kubernetes.WorkQueue;

public sealed class ExponentialBackoffTests
{
    private static readonly ObjectKey Key = new("ns", "a");
    private static readonly ObjectKey Other = new("ns", "b");
    private static readonly TimeSpan Base = TimeSpan.FromMilliseconds(8);
    private static readonly TimeSpan Max = TimeSpan.FromSeconds(1);

    [Test]
    public void The_pause_doubles_with_each_failure_up_to_the_longest()
    {
        var backoff = new ExponentialBackoff(Base, Max, new Luckiest());

        var pauses = Enumerable.Range(0, 10).Select(_ => Math.Round(backoff.Next(Key).TotalMilliseconds));

        Assert.That(pauses, Is.EqualTo([8, 16, 32, 64, 128, 256, 512, 1000, 1000, 1000]));
    }

    [Test]
    public void Chance_shortens_a_pause_by_up_to_a_half() => Prop.ForAll(
            ArbMap.Default.ArbFor<int>(),
            seed =>
            {
                var backoff = new ExponentialBackoff(Base, Max, new Random(seed));
                return Enumerable.Range(0, 100).All(failures =>
                {
                    var full = Math.Min(Base.TotalMilliseconds * Math.Pow(2, failures), Max.TotalMilliseconds);
                    var pause = backoff.Next(Key).TotalMilliseconds;
                    return pause >= full / 2 && pause <= full;
                });
            })
        .QuickCheckThrowOnFailure();

    [Test]
    public void Keys_drift_apart()
    {
        var backoff = new ExponentialBackoff(Max, Max, new Random(1));

        Assert.That(
            Enumerable.Range(0, 100).Select(number => backoff.Next(new ObjectKey("ns", $"{number}"))).Distinct().Count(), Is.GreaterThan(90));
    }

    [Test]
    public void Each_key_fails_for_itself_until_it_is_forgotten()
    {
        var backoff = new ExponentialBackoff(Base, Max, new Luckiest());
        backoff.Next(Key);
        backoff.Next(Key);

        Assert.That(backoff.Next(Other), Is.EqualTo(Base).Within(TimeSpan.FromMilliseconds(1)));
        backoff.Forget(Key);
        Assert.That(backoff.Next(Key), Is.EqualTo(Base).Within(TimeSpan.FromMilliseconds(1)));
    }

    [Test]
    public void Even_the_longest_pause_there_is_does_no_harm()
    {
        var backoff = new ExponentialBackoff(TimeSpan.MaxValue, TimeSpan.MaxValue, new Luckiest());

        Assert.That(Enumerable.Range(0, 100).Select(_ => backoff.Next(Key)), Has.All.GreaterThan(TimeSpan.FromDays(365)));
    }

    /// <summary>Comes as close to 1 as chance can.</summary>
    private sealed class Luckiest : Random
    {
        public override double NextDouble() => Math.BitDecrement(1.0);
    }
}

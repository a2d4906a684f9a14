using FsCheck;
using FsCheck.Fluent;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.WorkQueue;

namespace ServiceProviderOcm.Tests.Kubernetes.WorkQueue;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ReadyKeysTests
{
    private const int Namespaces = 3;
    private const int Names = 4;

    private static readonly QueuePriority[] Priorities = Enum.GetValues<QueuePriority>();

    private static readonly Gen<(bool IsTake, ObjectKey Key, QueuePriority Priority)[]> Scripts =
        Gen.Frequency((2, Gen.Constant(false)), (1, Gen.Constant(true)))
            .Zip(Gen.Choose(0, Namespaces - 1).Zip(Gen.Choose(0, Names - 1)))
            .Zip(Gen.Elements(Priorities))
            .Select(all => (all.Item1.Item1, Key(all.Item1.Item2.Item1, all.Item1.Item2.Item2), all.Item2))
            .ArrayOf();

    private readonly ReadyKeys _keys = new();

    [Test]
    public void Higher_priorities_are_taken_first()
    {
        foreach (var priority in Priorities)
        {
            _keys.Add(Key(0, (int)priority), priority);
        }

        Assert.That(TakeAll().Select(key => key.Name), Is.EqualTo(["3", "2", "1", "0"]));
    }

    [Test]
    public void A_priority_is_raised_and_never_lowered()
    {
        _keys.Add(Key(0, 0), QueuePriority.Low);
        _keys.Add(Key(0, 1), QueuePriority.High);
        _keys.Add(Key(0, 0), QueuePriority.Urgent);
        _keys.Add(Key(0, 0), QueuePriority.Low);

        Assert.That(TakeAll().Select(key => key.Name), Is.EqualTo(["0", "1"]));
    }

    [Test]
    public void A_namespace_with_many_keys_takes_turns_with_the_others()
    {
        for (var name = 0; name < 100; name++)
        {
            _keys.Add(Key(0, name), QueuePriority.Urgent);
        }

        _keys.Add(Key(1, 0), QueuePriority.Urgent);
        _keys.Add(Key(2, 0), QueuePriority.Urgent);

        Assert.That(TakeAll().Take(4), Is.EqualTo([Key(0, 0), Key(1, 0), Key(2, 0), Key(0, 1)]));
    }

    [Test]
    public void A_priority_that_is_passed_over_again_and_again_has_its_turn()
    {
        _keys.Add(Key(0, 0), QueuePriority.Low);
        _keys.Add(Key(1, 0), QueuePriority.Normal);
        List<ObjectKey> taken = [];
        for (var round = 0; round < 20; round++)
        {
            _keys.Add(Key(2, round), QueuePriority.Urgent);
            _keys.Add(Key(2, round + 100), QueuePriority.Urgent);
            Assert.That(_keys.TryTake(out var key), Is.True);
            taken.Add(key!.Value);
        }

        Assert.That(
            (taken.IndexOf(Key(1, 0)), taken.IndexOf(Key(0, 0))),
            Is.EqualTo((ReadyKeys.MaxPassedOver, ReadyKeys.MaxPassedOver + 1)));
    }

    [Test]
    public void Priorities_that_are_always_busy_share_the_turns()
    {
        const int Turns = 400;
        var taken = Priorities.ToDictionary(priority => (int)priority, _ => 0);
        foreach (var number in taken.Keys)
        {
            _keys.Add(Key(number, 0), (QueuePriority)number);
        }

        for (var turn = 1; turn <= Turns; turn++)
        {
            Assert.That(_keys.TryTake(out var key), Is.True);
            var number = taken.Keys.Single(number => Key(number, 0).Namespace == key!.Value.Namespace);
            taken[number]++;
            _keys.Add(Key(number, turn), (QueuePriority)number);
        }

        Assert.That(taken.Values, Has.All.InRange(Turns / 5, Turns / 3));
    }

    [Test]
    public void A_namespace_whose_share_is_running_is_passed_over_and_keeps_its_turn()
    {
        var keys = new ReadyKeys(maxRunning: 1);
        Assert.That(
            (keys.Add(Key(0, 0), QueuePriority.Urgent), keys.Add(Key(0, 1), QueuePriority.Urgent), keys.Add(Key(0, 1), QueuePriority.Urgent)),
            Is.EqualTo((true, false, false)));
        Assert.That(keys.TryTake(out _), Is.True);
        keys.Add(Key(1, 0), QueuePriority.Urgent);
        keys.Add(Key(2, 0), QueuePriority.Low);
        keys.Add(Key(2, 1), QueuePriority.Low);

        Assert.That((Take(), Take(), Take(), keys.Count), Is.EqualTo(((ObjectKey?)Key(1, 0), (ObjectKey?)Key(2, 0), (ObjectKey?)null, 2)));
        Assert.That((keys.Done(Key(1, 0)), keys.Done(Key(2, 0)), keys.Done(Key(0, 0))), Is.EqualTo((false, true, true)));
        Assert.That((Take(), Take(), Take()), Is.EqualTo(((ObjectKey?)Key(0, 1), (ObjectKey?)Key(2, 1), (ObjectKey?)null)));

        ObjectKey? Take() => keys.TryTake(out var key) ? key : null;
    }

    [Test]
    public void A_low_priority_of_a_namespace_that_is_held_back_again_and_again_has_its_turn()
    {
        var keys = new ReadyKeys(maxRunning: 1);
        keys.Add(Key(0, 0), QueuePriority.Low);
        List<ObjectKey> taken = [];
        for (var round = 1; round <= ReadyKeys.MaxPassedOver + 1; round++)
        {
            keys.Add(Key(0, round), QueuePriority.Urgent);
            keys.Add(Key(1, round), QueuePriority.Urgent);
            Assert.That((keys.TryTake(out var first), keys.TryTake(out var second)), Is.EqualTo((true, true)));
            taken.AddRange([first!.Value, second!.Value]);
            keys.Done(first.Value);
            keys.Done(second.Value);
        }

        Assert.That(taken, Does.Contain(Key(0, 0)));
    }

    [Test]
    public void In_any_order_of_calls_each_key_is_taken_once_and_none_is_lost_or_invented() => Prop.ForAll(
            Scripts.ToArbitrary(),
            script =>
            {
                var keys = new ReadyKeys();
                HashSet<ObjectKey> present = [];
                var isFine = true;
                foreach (var (isTake, key, priority) in script)
                {
                    if (!isTake)
                    {
                        keys.Add(key, priority);
                        present.Add(key);
                    }
                    else
                    {
                        isFine &= keys.TryTake(out var taken) ? present.Remove(taken.Value) : present.Count == 0;
                    }

                    isFine &= keys.Count == present.Count;
                }

                while (keys.TryTake(out var rest))
                {
                    isFine &= present.Remove(rest.Value);
                }

                return isFine && present.Count == 0;
            })
        .QuickCheckThrowOnFailure();

    [Test]
    public void A_key_is_taken_within_a_bound_that_other_namespaces_and_priorities_cannot_exceed() => Prop.ForAll(
            Gen.Elements(Priorities).Zip(Gen.Choose(0, 5)).ToArbitrary(),
            sample =>
            {
                var (priority, ahead) = sample;
                var keys = new ReadyKeys();
                for (var name = 0; name <= ahead; name++)
                {
                    keys.Add(Key(0, name), priority);
                }

                // Others add more than is taken, at all priorities, in two namespaces.
                var bound = (ReadyKeys.MaxPassedOver + Priorities.Length) * Namespaces * (ahead + 1);
                for (var round = 0; round < bound; round++)
                {
                    foreach (var other in Priorities)
                    {
                        keys.Add(Key(1, (round * 10) + (int)other), other);
                        keys.Add(Key(2, (round * 10) + (int)other), other);
                    }

                    if (keys.TryTake(out var taken) && taken == Key(0, ahead))
                    {
                        return true;
                    }
                }

                return false;
            })
        .QuickCheckThrowOnFailure();

    private static ObjectKey Key(int ns, int name) => new($"ns-{ns}", $"{name}");

    private List<ObjectKey> TakeAll()
    {
        List<ObjectKey> taken = [];
        while (_keys.TryTake(out var key))
        {
            taken.Add(key.Value);
        }

        return taken;
    }
}

using System.Globalization;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Tests.Kubernetes.Informers;

/// <summary>Objects that cannot be read, where there are more objects than are kept. Their order is that of their names.</summary>
public sealed class UnreadableSurplusTests
{
    private const string Ns = "n";

    [TestCase("a", 1, TestName = "The_earlier_state_of_an_unreadable_object_counts_when_a_list_is_kept")]
    [TestCase("z", 0, TestName = "The_earlier_state_of_an_unreadable_object_is_dropped_as_another_would_be")]
    public void A_list_with_an_unreadable_object(string unreadable, int counted)
    {
        var kept = Kept(3);
        kept.Replace(Listing(10, ["b", "c", unreadable]));

        kept.Replace(Listing(20, ["b", "c", "d"], unreadable));

        Assert.That((kept.Store.Count, kept.Surplus.In(Ns)), Is.EqualTo((3, counted)));
        Assert.That(kept.Unreadable.Find(new ObjectKey(Ns, unreadable)), Is.Not.Null);
    }

    [Test]
    public void An_unreadable_object_whose_earlier_state_is_dropped_is_not_counted_beside()
    {
        var kept = Kept(2);
        kept.Replace(Listing(10, ["b", "c"]));
        kept.Process(Events.Modified("c", 11) with { Unreadable = Unreadable("c") });

        kept.Process(Events.Modified("a", 12));

        Assert.That((kept.Store.Count, kept.Unreadable.Count, kept.Surplus.In(Ns)), Is.EqualTo((2, 1, 0)));
    }

    [Test]
    public void An_object_that_becomes_readable_and_is_not_kept_is_counted_also_where_only_the_number_is_known()
    {
        var kept = Kept(2);
        kept.Replace(Listing(10, ["a", "b"]) with { Surplus = Counted(2, "x", "y") });
        kept.Process(Events.Added("z", 11) with { Unreadable = Unreadable("z") });

        kept.Process(Events.Modified("z", 12));

        Assert.That((kept.Unreadable.Count, kept.Surplus.In(Ns), kept.Surplus.ReadableIn(Ns)), Is.EqualTo((0, 3, 3)));
    }

    [Test]
    public void Of_objects_of_which_only_the_number_is_known_the_unreadable_ones_are_counted_apart()
    {
        var surplus = new SurplusObjects(capacity: 0);

        surplus.Add(Key("a"), isNew: true, isUnreadable: true);
        surplus.Add(Key("b"), isNew: true, isUnreadable: true);
        Assert.That((surplus.In(Ns), surplus.ReadableIn(Ns), surplus.AnyReadable(_ => true)), Is.EqualTo((2, 0, false)));
        Assert.That(surplus.MayHave(Key("c")));

        surplus.Add(Key("b"), isNew: false);
        Assert.That((surplus.In(Ns), surplus.ReadableIn(Ns)), Is.EqualTo((2, 1)));

        surplus.Remove(Key("a"));
        surplus.Remove(Key("b"), mayBeUnreadable: false);
        Assert.That((surplus.In(Ns), surplus.All.Count), Is.EqualTo((0, 0)));
    }

    [Test]
    public void An_object_of_which_only_the_number_was_known_is_counted_once_when_its_name_is_known()
    {
        var surplus = new SurplusObjects(capacity: 1);
        surplus.Add(Key("a"), isNew: true);
        surplus.Add(Key("b"), isNew: true, isUnreadable: true);
        surplus.Remove(Key("a"));

        surplus.Add(Key("b"), isNew: false, isUnreadable: true);
        Assert.That(surplus.In(Ns), Is.EqualTo(1));

        surplus.Remove(Key("b"));
        Assert.That(surplus.In(Ns), Is.Zero);
    }

    [TestCase(true, 1, TestName = "Of_objects_that_are_only_counted_one_that_may_have_been_unreadable_goes_first")]
    [TestCase(false, 0, TestName = "Of_objects_that_are_only_counted_a_readable_one_goes_if_it_was_readable")]
    public void Of_objects_that_are_only_counted_one_goes(bool mayBeUnreadable, int readable)
    {
        var surplus = new SurplusObjects(capacity: 0);
        surplus.Add(Key("a"), isNew: true);
        surplus.Add(Key("b"), isNew: true, isUnreadable: true);

        surplus.Remove(Key("c"), mayBeUnreadable: mayBeUnreadable);

        Assert.That((surplus.In(Ns), surplus.ReadableIn(Ns)), Is.EqualTo((1, readable)));
    }

    [Test]
    public void A_known_object_that_becomes_readable_is_so_although_no_more_can_be_known()
    {
        var surplus = new SurplusObjects(capacity: 1);
        surplus.Add(Key("a"), isNew: true, isUnreadable: true);

        surplus.Add(Key("a"), isNew: false);

        Assert.That((surplus.In(Ns), surplus.ReadableIn(Ns)), Is.EqualTo((1, 1)));
    }

    private static KeptObjects Kept(int max) => new(
        new ResourceKind("", "v1", "ConfigMap", "configmaps"),
        new InformerLimits { ObjectsPerNamespace = 60, Objects = max },
        (_, _) => { },
        _ => { },
        _ => { },
        _ => { });

    private static Listing Listing(int version, string[] objects, params string[] unreadable) => new(
        [.. objects.Select(name => Events.Item(name, 1))],
        [.. unreadable.Select(Unreadable)],
        new WatchPosition(version.ToString(CultureInfo.InvariantCulture), null));

    private static SurplusObjects Counted(int capacity, params string[] names)
    {
        var surplus = new SurplusObjects(capacity);
        foreach (var name in names)
        {
            surplus.Add(Key(name), isNew: true);
        }

        return surplus;
    }

    private static ObjectKey Key(string name) => new(Ns, name);

    private static UnreadableObject Unreadable(string name) => new(Key(name), "u", "2", "it is odd");
}

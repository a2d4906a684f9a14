using System.Globalization;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Tests.Kubernetes.Informers;

/// <summary>Which objects are kept of namespaces that have too many together. Their order is that of their names.</summary>
public sealed class FairShareTests
{
    [TestCase("aaab", 4, 60, "aaab", TestName = "All_that_fits_is_kept")]
    [TestCase("aaaaab", 4, 60, "aaab", TestName = "The_newest_of_the_namespace_that_has_the_most_is_dropped")]
    [TestCase("aaaaabbbc", 7, 60, "aaabbbc", TestName = "Namespaces_with_fewer_keep_theirs")]
    [TestCase("aaabbbccc", 7, 60, "aaabbcc", TestName = "Of_namespaces_that_have_the_same_the_later_by_name_is_full")]
    [TestCase("aaaaabb", 10, 3, "aaabb", TestName = "A_namespace_has_a_limit_of_its_own")]
    public void Of_a_list(string namespaces, int objects, int perNamespace, string expected)
    {
        var items = namespaces.Select((ns, number) => Item(ns, number)).ToList();

        var surplus = FairShare.Surplus(items, new InformerLimits { ObjectsPerNamespace = perNamespace, Objects = objects });

        Assert.That(string.Concat(items.Except(surplus).Select(item => item.Namespace)), Is.EqualTo(expected));
    }

    [TestCase('a', 'b')]
    [TestCase('b', 'a')]
    public void Of_namespaces_that_have_the_same_one_with_objects_that_are_not_being_deleted_is_full(char deleted, char other)
    {
        KubeObject[] items = [BeingDeleted(Item(deleted, 0)), Item(other, 1)];

        var surplus = FairShare.Surplus(items, new InformerLimits { ObjectsPerNamespace = 60, Objects = 1 });

        Assert.That(surplus.Single().Namespace, Is.EqualTo($"{other}"));
    }

    [TestCase('a', 'b')]
    [TestCase('b', 'a')]
    public void Objects_that_are_being_deleted_do_not_displace_those_of_a_namespace_that_has_fewer(char deleted, char other)
    {
        KubeObject[] items = [BeingDeleted(Item(deleted, 0)), BeingDeleted(Item(deleted, 1)), Item(other, 2)];

        var surplus = FairShare.Surplus(items, new InformerLimits { ObjectsPerNamespace = 60, Objects = 2 });

        Assert.That(surplus.Single().Namespace, Is.EqualTo($"{deleted}"));
    }

    [Test]
    public void Other_namespaces_are_checked_for_room_only_when_all_together_begin_to_have_some()
    {
        var kept = Kept(new InformerLimits { ObjectsPerNamespace = 60, Objects = 3 });
        kept.Process(new WatchEvent(WatchEventType.Added, Item('a', 0)));
        var hadRoom = kept.MadeRoom("a");
        foreach (var number in Enumerable.Range(1, 3))
        {
            kept.Process(new WatchEvent(WatchEventType.Added, Item('a', number)));
        }

        var isFull = !kept.MadeRoom("a");
        kept.Process(new WatchEvent(WatchEventType.Deleted, Item('a', 0)));

        Assert.That((hadRoom, isFull), Is.EqualTo((false, true)));
        Assert.That((kept.MadeRoom("b"), kept.MadeRoom("b"), kept.MadeRoom("a")), Is.EqualTo((true, false, true)));
    }

    [TestCase(1, false)]
    [TestCase(2, true)]
    public void A_namespace_without_objects_is_listed_again_only_if_another_could_spare_one(int kept, bool isListed)
    {
        var objects = Kept(new InformerLimits { ObjectsPerNamespace = 60, Objects = kept });
        foreach (var number in Enumerable.Range(0, kept))
        {
            objects.Process(new WatchEvent(WatchEventType.Added, Item('a', number)));
        }

        objects.Surplus.Add(Item('b', 0).Key, isNew: true);

        Assert.That(objects.MadeRoom("b"), Is.EqualTo(isListed));
    }

    [Test]
    public void Any_list_fits_then_and_only_the_last_of_namespaces_that_had_the_most_are_missing() => Prop.ForAll(
            Script,
            script =>
            {
                var limits = new InformerLimits { ObjectsPerNamespace = 6, Objects = 12, StoreBytes = 8_000 };
                var items = script.Select((each, number) => Item(each.Namespace, number, each.Length)).ToList();
                var surplus = FairShare.Surplus(items, limits).ToHashSet();
                var kept = items.Where(item => !surplus.Contains(item)).ToList();
                var largest = kept.GroupBy(item => item.Namespace).Select(group => (Count: group.Count(), Bytes: group.Sum(item => item.Size)));
                return IsWithin(kept, limits) && surplus.GroupBy(item => item.Namespace).All(group =>
                {
                    var first = group.MinBy(item => item.Name)!;
                    var mine = kept.Where(item => item.Namespace == group.Key).ToList();
                    return mine.All(item => string.CompareOrdinal(item.Name, first.Name) < 0)
                        && (mine.Count == limits.ObjectsPerNamespace
                            || largest.All(other => mine.Count + 1 >= other.Count)
                            || largest.All(other => mine.Sum(item => item.Size) + first.Size >= other.Bytes));
                });
            })
        .QuickCheckThrowOnFailure();

    [Test]
    public void Any_objects_of_a_watch_fit_and_a_namespace_with_no_more_than_an_equal_part_keeps_all() => Prop.ForAll(
            Script,
            script =>
            {
                var limits = new InformerLimits { ObjectsPerNamespace = 60, Objects = 12 };
                var kept = Kept(limits);
                foreach (var (item, number) in script.Select((each, number) => (Item(each.Namespace, number), number)))
                {
                    kept.Process(new WatchEvent(WatchEventType.Added, item));
                    if (kept.Store.Count != Math.Min(number + 1, limits.Objects))
                    {
                        return false;
                    }
                }

                var counts = script.CountBy(each => each.Namespace).ToList();
                return counts.All(each =>
                    kept.Store.CountIn($"{each.Key}") + kept.Surplus.In($"{each.Key}") == each.Value
                    && (each.Value > limits.Objects / counts.Count || kept.Surplus.In($"{each.Key}") == 0));
            })
        .QuickCheckThrowOnFailure();

    [Test]
    public void Any_changes_and_deletions_of_a_watch_fit_and_what_exists_is_known() => Prop.ForAll(
            Gen.Choose(0, 40).Zip(Gen.Choose(0, 3_000)).ArrayOf().ToArbitrary(),
            script =>
            {
                var limits = new InformerLimits { ObjectsPerNamespace = 6, Objects = 12, StoreBytes = 8_000 };
                var kept = Kept(limits);
                HashSet<ObjectKey> present = [];
                foreach (var ((name, length), number) in script.Select((each, number) => (each, number)))
                {
                    var item = Item((char)('a' + (name % 4)), name, length, 100 + number);
                    var isNew = present.Add(item.Key);
                    kept.Process(new WatchEvent(isNew ? WatchEventType.Added : WatchEventType.Modified, item));
                    if (length % 5 == 0)
                    {
                        present.Remove(item.Key);
                        kept.Process(new WatchEvent(WatchEventType.Deleted, item));
                    }
                }

                return IsWithin([.. kept.Store.All], limits)
                    && present.All(key => kept.Store.Get(key) is not null || kept.Surplus.MayHave(key));
            })
        .QuickCheckThrowOnFailure();

    private static Arbitrary<(char Namespace, int Length)[]> Script =>
        Gen.Elements('a', 'b', 'b', 'c', 'c', 'c', 'c', 'd').Zip(Gen.Choose(0, 2_000)).ArrayOf().ToArbitrary();

    private static bool IsWithin(IReadOnlyCollection<KubeObject> kept, InformerLimits limits) =>
        kept.Count <= limits.Objects
        && kept.Sum(item => item.Size) <= limits.StoreBytes
        && kept.CountBy(item => item.Namespace).All(each => each.Value <= limits.ObjectsPerNamespace);

    private static KeptObjects Kept(InformerLimits limits) => new(
        new ResourceKind("", "v1", "ConfigMap", "configmaps"),
        limits,
        (_, _) => throw new InvalidOperationException("the informer would fail"),
        _ => { },
        _ => { },
        _ => { });

    private static KubeObject BeingDeleted(KubeObject item)
    {
        var json = JsonObject.Create(item.Json)!;
        json["metadata"]!["deletionTimestamp"] = "2026-01-01T00:00:00Z";
        return KubeObject.From(json);
    }

    private static KubeObject Item(char ns, int number, int length = 0, int version = 1) => KubeObject.From(new JsonObject
    {
        ["metadata"] = new JsonObject
        {
            ["namespace"] = $"{ns}",
            ["name"] = string.Create(CultureInfo.InvariantCulture, $"{number:0000}"),
            ["resourceVersion"] = version.ToString(CultureInfo.InvariantCulture),
        },
        ["data"] = new string('x', length),
    });
}

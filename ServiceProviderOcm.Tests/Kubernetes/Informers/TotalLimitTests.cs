using System.Globalization;
using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Tests.Kubernetes.Informers;

/// <summary>What an informer with a limit per namespace keeps when all namespaces together have too many objects.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class TotalLimitTests
{
    private static readonly InformerLimits Limits = new() { ObjectsPerNamespace = 200, Objects = 5 };

    private readonly ManualApi _api = new();
    private readonly List<string> _full = [];

    [Test]
    public async Task Of_a_list_the_namespace_that_has_the_most_is_full_and_others_keep_all()
    {
        await using var run = await ListedAsync(Limits, [.. Large(20), Item("small", "s1"), Item("small", "s2")]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.Stored, Is.EqualTo("l00@1 l01@1 l02@1 s1@1 s2@1"));
            Assert.That(run.Informer.Surplus.All, Is.EqualTo([("large", 17)]));
            Assert.That(run.Informer.Knows(new ObjectKey("large", "l19")));
            Assert.That((run.Informer.State.IsSynced, string.Concat(_full)), Is.EqualTo((true, "large")));
        }
    }

    [Test]
    public async Task A_new_object_of_the_largest_namespace_is_counted_and_one_of_another_displaces_it()
    {
        await using var run = await ListedAsync(Limits, [.. Large(4), Item("small", "s1")]);

        (await _api.NextWatchAsync()).Send(Added("large", "l04", 10), Added("small", "s2", 11), Added("new", "n1", 12));

        Assert.That(await run.ChangesAsync(4), Is.EqualTo("l02 gone @1, l03 gone @1, n1 new @12, s2 new @11"));
        Assert.That((run.Informer.Surplus.In("large"), string.Concat(_full)), Is.EqualTo((3, "large")));
    }

    [Test]
    public async Task Changes_and_deletions_of_other_namespaces_go_on_when_the_memory_is_used_up()
    {
        await using var run = await ListedAsync(
            Limits with { Objects = 100, StoreBytes = 10 * Item("large", "l00", length: 900).Size },
            [.. Large(30, 900), Item("small", "s1")]);
        var kept = run.Informer.Store.CountIn("large");

        (await _api.NextWatchAsync()).Send(
            new WatchEvent(WatchEventType.Modified, Item("small", "s1", 10, 900)), Added("small", "s2", 11), Deleted("small", "s2", 12));

        Assert.That(await run.ChangesAsync(4), Does.Contain("s1 @1 to @10").And.Contain("s2 new @11").And.Contain("s2 gone @11"));
        Assert.That((kept, run.Informer.Store.CountIn("large") < kept, run.Informer.State.IsSynced), Is.EqualTo((9, true, true)));
    }

    [Test]
    public async Task When_there_is_room_a_list_finds_the_objects_that_were_dropped()
    {
        await using var run = await ListedAsync(Limits, [.. Large(20), Item("other", "o1")]);

        (await _api.NextWatchAsync()).Send(Deleted("other", "o1", 10));
        await run.ChangesAsync(1);
        (await _api.NextListAsync()).Answer(Events.Page(12, Large(20)));

        Assert.That(await run.ChangesAsync(1), Is.EqualTo("l04 new @1"));
        Assert.That(run.Informer.Surplus.All, Is.EqualTo([("large", 15)]));
    }

    [Test]
    public async Task A_namespace_that_has_far_less_than_another_is_listed_again_although_all_are_full()
    {
        await using var run = await ListedAsync(
            Limits with { Objects = 120 },
            [.. Large(100), .. Enumerable.Range(0, 100).Select(number => Item("other", Name("o", number)))]);

        (await _api.NextWatchAsync()).Send(
        [
            .. Enumerable.Range(0, 30).SelectMany(number => (WatchEvent[])
                [Deleted("large", Name("l", number), 1000 + number), Added("third", Name("t", number), 2000 + number)]),
            Deleted("large", Name("l", 30), 3000),
        ]);
        await run.ChangesAsync(61);

        Assert.That((await _api.NextListAsync()).List, Is.Not.Null);
    }

    [Test]
    public async Task When_an_object_becomes_smaller_a_list_finds_those_for_which_there_is_room()
    {
        await using var run = await ListedAsync(
            Limits with { Objects = 100, StoreBytes = 10 * Item("large", "l00", length: 900).Size },
            [.. Large(30, 900), Item("small", "s1", length: 2000)]);

        (await _api.NextWatchAsync()).Send(new WatchEvent(WatchEventType.Modified, Item("small", "s1", 10)));
        await run.ChangesAsync(1);

        Assert.That((await _api.NextListAsync()).List, Is.Not.Null);
    }

    [TestCase("a", "b")]
    [TestCase("b", "a")]
    public async Task An_object_that_is_being_deleted_is_kept_although_none_of_its_namespace_was(string deleted, string other)
    {
        await using var run = await ListedAsync(Limits with { Objects = 1 }, [Item(other, "other")]);
        var deleting = JsonObject.Create(Item(deleted, "deleted", 10).Json)!;
        deleting["metadata"]!["deletionTimestamp"] = "2026-01-01T00:00:00Z";

        (await _api.NextWatchAsync()).Send(Added(deleted, "deleted", 9), new WatchEvent(WatchEventType.Modified, KubeObject.From(deleting)));

        Assert.That(await run.ChangesAsync(2), Is.EqualTo("deleted new @10, other gone @1"));
    }

    [Test]
    public async Task Unreadable_objects_of_many_namespaces_are_counted_beyond_a_number()
    {
        await using var run = await ListedAsync(Limits with { Objects = 10 }, [Item("small", "s1")]);

        (await _api.NextWatchAsync()).Send(
        [
            .. Enumerable.Range(0, 30).Select(number => Added($"n{number}", "x", 10 + number) with
            {
                Unreadable = new UnreadableObject(new ObjectKey($"n{number}", "x"), "u", "1", "it is odd"),
            }),
            Added("small", "s2", 100),
        ]);

        Assert.That(await run.ChangesAsync(3), Does.EndWith("x new @, x new @").And.Contain("s2 new @100"));
        Assert.That((run.Informer.Surplus.All.Count, run.Informer.Knows(new ObjectKey("n29", "x"))), Is.EqualTo((28, true)));
    }

    [Test]
    public async Task A_list_with_the_same_objects_again_and_again_is_an_error()
    {
        await using var run = new InformerRun(_api, options: new InformerOptions { Limits = Limits });

        (await _api.NextListAsync()).Answer(Events.Page(7, Enumerable.Repeat(Item("a", "a1"), 7)));

        Assert.That((await run.StateAsync()).Failure!.Message, Is.EqualTo("the list has the same objects again and again"));
    }

    private static string Name(string prefix, int number) => string.Create(CultureInfo.InvariantCulture, $"{prefix}{number:00}");

    private static IEnumerable<KubeObject> Large(int count, int length = 0) =>
        Enumerable.Range(0, count).Select(number => Item("large", Name("l", number), length: length));

    private static KubeObject Item(string ns, string name, int version = 1, int length = 0)
    {
        var json = JsonObject.Create(Events.Item(name, version).Json)!;
        json["metadata"]!["namespace"] = ns;
        json["data"] = new string('x', length);
        return KubeObject.From(json);
    }

    private static WatchEvent Added(string ns, string name, int version) => new(WatchEventType.Added, Item(ns, name, version));

    private static WatchEvent Deleted(string ns, string name, int version) => new(WatchEventType.Deleted, Item(ns, name, version));

    private async Task<InformerRun> ListedAsync(InformerLimits limits, IReadOnlyList<KubeObject> objects)
    {
        var run = new InformerRun(_api, options: new InformerOptions { Limits = limits });
        run.Informer.OnSurplus = _full.Add;
        (await _api.NextListAsync()).Answer(Events.Page(7, objects));
        await run.StateAsync();
        await run.ChangesAsync(run.Informer.Store.Count);
        return run;
    }
}

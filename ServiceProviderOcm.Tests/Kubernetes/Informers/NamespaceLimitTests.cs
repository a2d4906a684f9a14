using System.Globalization;
using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Tests.Kubernetes.Informers;

/// <summary>What an informer keeps of a namespace with too many objects. Their order is that of their names.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class NamespaceLimitTests
{
    private const int Max = 60;

    private readonly ManualApi _api = new();
    private readonly List<string> _full = [];

    [Test]
    public async Task Of_a_list_the_oldest_of_each_namespace_are_kept_and_the_others_are_counted()
    {
        await using var run = await ListedAsync(200);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.Informer.Store.All.Select(item => item.Name), Is.EquivalentTo(Enumerable.Range(0, Max).Select(Name)));
            Assert.That(run.Informer.Surplus.All, Is.EqualTo([("n", 140)]));
            Assert.That((run.Informer.Knows(new ObjectKey("n", Name(199))), run.Informer.Knows(new ObjectKey("n", Name(200)))), Is.EqualTo((true, false)));
            Assert.That(_full, Is.EqualTo(["n"]));
        }
    }

    [Test]
    public async Task Objects_of_one_namespace_do_not_exceed_the_limit_for_all()
    {
        await using var run = await ListedAsync(500, objects: Max + 10);

        var watch = await _api.NextWatchAsync();
        watch.Send(Enumerable.Range(500, 500).Select(number => Events.Added(Name(number), 1000 + number)));
        watch.Send(Added("other", "b", 3000));
        await run.ChangesAsync(1);

        Assert.That(
            (run.Informer.State, run.Informer.Surplus.In("n"), run.Informer.Store.Get(new ObjectKey("other", "b")) is not null),
            Is.EqualTo(((InformerState)new InformerState.Synced(), 1000 - Max, true)));
    }

    [Test]
    public async Task Objects_that_come_and_go_beyond_the_limit_change_the_number_only()
    {
        await using var run = await ListedAsync(Max + 1);

        var watch = await _api.NextWatchAsync();
        watch.Send(
            Events.Added(Name(100), 2000),
            Events.Modified(Name(100), 2001),
            Events.Modified(Name(Max), 2002),
            Events.Deleted(Name(Max), 2003),
            Added("other", "b", 2004));

        Assert.That(await run.ChangesAsync(2), Is.EqualTo($"{Name(Max)} gone @2003, b new @2004"));
        Assert.That((run.Informer.Store.CountIn("n"), run.Informer.Surplus.In("n")), Is.EqualTo((Max, 1)));
    }

    [TestCase("0", false, TestName = "An_older_object_displaces_the_newest")]
    [TestCase("z", true, TestName = "An_object_that_is_being_deleted_displaces_the_newest")]
    public async Task An_object_displaces_the_newest(string name, bool isBeingDeleted)
    {
        await using var run = await ListedAsync(Max);

        var item = isBeingDeleted ? BeingDeleted(name, 2000) : Events.Item(name, 2000);
        (await _api.NextWatchAsync()).Send(new WatchEvent(WatchEventType.Modified, item));

        Assert.That(await run.ChangesAsync(2), Does.Contain($"{name} new @2000").And.Contain($"{Name(Max - 1)} gone @{1000 + Max - 1}"));
        Assert.That(
            (run.Informer.Store.CountIn("n"), run.Informer.Knows(new ObjectKey("n", Name(Max - 1)))), Is.EqualTo((Max, true)));
    }

    [Test]
    public async Task When_there_is_room_a_list_finds_the_next_oldest()
    {
        await using var run = await ListedAsync(Max + 5);

        var watch = await _api.NextWatchAsync();
        watch.Send(Enumerable.Range(0, 50).Select(number => Events.Deleted(Name(number), 2000 + number)));
        await run.ChangesAsync(50);
        (await _api.NextListAsync()).Answer(Events.Page(3000, Enumerable.Range(50, 15).Select(Item)));

        Assert.That(await run.ChangesAsync(5), Is.EqualTo(string.Join(", ", Enumerable.Range(Max, 5).Select(each => $"{Name(each)} new @{1000 + each}"))));
        Assert.That((run.Informer.Store.Count, run.Informer.Surplus.All.Count), Is.EqualTo((15, 0)));
    }

    [Test]
    public async Task Unreadable_objects_of_a_namespace_are_known_up_to_a_number_and_counted_beyond_it()
    {
        await using var run = await ListedAsync(1);

        (await _api.NextWatchAsync()).Send(Enumerable.Range(0, 300).Select(number =>
            Events.Added(Name(1000 + number), 2000 + number) with { Unreadable = new UnreadableObject(new ObjectKey("n", Name(1000 + number)), "u", "1", "broken") })
            .Append(Added("other", "b", 3000)));
        await run.ChangesAsync(101);

        Assert.That(
            (run.Informer.UnreadableObjects.Count(), run.Informer.Surplus.In("n"), run.Informer.Knows(new ObjectKey("n", Name(1299)))),
            Is.EqualTo((100, 200, true)));
    }

    [Test]
    public void An_object_that_was_written_after_a_list_without_room_for_it_is_no_longer_counted()
    {
        var kept = Kept(Max);
        kept.Replace(Listing(0, Max, 1999));
        kept.Store.RecordWrite(Events.Item(Name(Max - 1), 5000));
        var surplus = new SurplusObjects(100);
        surplus.Add(new ObjectKey("n", Name(Max - 1)), isNew: true);
        kept.Replace(Listing(-1, Max, 2000) with { Surplus = surplus });

        kept.Process(Events.Deleted(Name(0), 5001));
        kept.Process(Events.Modified(Name(Max - 1), 5002));

        Assert.That((kept.Store.CountIn("n"), kept.Surplus.In("n")), Is.EqualTo((Max, 0)));
    }

    [Test]
    public void Events_of_a_full_namespace_do_not_cost_a_scan_of_it()
    {
        const int Max = 2_000;
        const int Count = 500;
        const int BytesPerEvent = 50_000;
        var dropped = 0;
        var kept = Kept(Max, change => dropped += change is { Before: not null, After: null } ? 1 : 0);
        kept.Replace(Listing(0, Max, 100_000));
        var events = Enumerable.Range(0, Count)
            .Select(number => new WatchEvent(WatchEventType.Added, BeingDeleted($"z{number}", 200_000 + number)))
            .ToList();
        kept.Process(events[0]);
        var before = GC.GetAllocatedBytesForCurrentThread();

        events.ForEach(kept.Process);

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(Count * BytesPerEvent));
        Assert.That((dropped, kept.Store.Count), Is.EqualTo((Count, Max)));
    }

    [Test]
    public void Beyond_a_capacity_only_the_number_is_known_and_any_object_may_be_one()
    {
        var surplus = new SurplusObjects(capacity: 2);
        foreach (var name in new[] { "a", "b", "c", "d" })
        {
            surplus.Add(new ObjectKey("n", name), isNew: true);
        }

        surplus.Add(new ObjectKey("n", "c"), isNew: false);
        Assert.That((surplus.In("n"), surplus.MayHave(new ObjectKey("n", "x")), surplus.MayHave(new ObjectKey("m", "a"))), Is.EqualTo((4, true, false)));
        surplus.Remove(new ObjectKey("n", "c"));
        surplus.Remove(new ObjectKey("n", "d"));
        Assert.That((surplus.In("n"), surplus.MayHave(new ObjectKey("n", "x")), surplus.MayHave(new ObjectKey("n", "a"))), Is.EqualTo((2, false, true)));
    }

    private static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"a{number:0000}");

    private static KubeObject Item(int number) => Events.Item(Name(number), 1000 + number);

    private static KubeObject BeingDeleted(string name, int version)
    {
        var json = JsonObject.Create(Events.Item(name, version).Json)!;
        json["metadata"]!["deletionTimestamp"] = "2026-01-01T00:00:00Z";
        return KubeObject.From(json);
    }

    private static KeptObjects Kept(int max, Action<InformerChange>? notify = null) => new(
        new ResourceKind("", "v1", "ConfigMap", "configmaps"),
        new InformerLimits { ObjectsPerNamespace = max },
        (_, _) => { },
        notify ?? (_ => { }),
        _ => { },
        _ => { });

    private static Listing Listing(int start, int count, int version) => new(
        [.. Enumerable.Range(start, count).Select(number => number < 0 ? Events.Item("a", 1) : Item(number))],
        [],
        new WatchPosition(version.ToString(CultureInfo.InvariantCulture), null));

    private static WatchEvent Added(string ns, string name, int version)
    {
        var json = JsonObject.Create(Events.Item(name, version).Json)!;
        json["metadata"]!["namespace"] = ns;
        return new WatchEvent(WatchEventType.Added, KubeObject.From(json));
    }

    // The list comes in any order.
    private async Task<InformerRun> ListedAsync(int count, int objects = 10_000)
    {
        var run = new InformerRun(_api, options: new InformerOptions { Limits = new InformerLimits { ObjectsPerNamespace = Max, Objects = objects } });
        run.Informer.OnSurplus = _full.Add;
        (await _api.NextListAsync()).Answer(Events.Page(1999, Enumerable.Range(0, count).Reverse().Select(Item)));
        await run.StateAsync();
        await run.ChangesAsync(Math.Min(count, Max));
        return run;
    }
}

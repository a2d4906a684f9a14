using System.Globalization;
using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Tests.Support.Logs;

namespace ServiceProviderOcm.Tests.Kubernetes.Informers;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class InformerLimitTests
{
    private static readonly UnreadableObject Unreadable = new(new ObjectKey("n", "a"), "u", "9", "it is odd");

    private static readonly int[] PageSizes = [500, 500, 500, 500, 500, 250, 125, 125, 250];

    private readonly ManualApi _api = new();

    [Test]
    public async Task An_unreadable_object_of_a_list_keeps_its_earlier_state_and_is_reported()
    {
        await using var run = await SyncedAsync();

        (await _api.NextWatchAsync()).Fail(Events.Gone);
        (await _api.NextListAsync()).Answer(Events.Page(9, Events.Item("b", 8)) with { Unreadable = [Unreadable] });

        Assert.That(await run.ChangesAsync(2), Is.EqualTo("a @3 to @3, b new @8"));
        Assert.That((run.Stored, run.Informer.UnreadableObjects.Single(), run.Informer.State.IsSynced), Is.EqualTo(("a@3 b@8", Unreadable, true)));
    }

    [Test]
    public async Task An_unreadable_object_of_a_watch_does_not_stop_the_watch()
    {
        await using var run = await SyncedAsync();

        var watch = await _api.NextWatchAsync();
        watch.Send(
            Events.Modified("a", 9) with { Unreadable = Unreadable },
            Events.Added("c", 10) with { Unreadable = new UnreadableObject(new ObjectKey("n", "c"), "", "10", "it is odd") },
            Events.Added("b", 11));

        Assert.That(await run.ChangesAsync(3), Is.EqualTo("a @3 to @3, b new @11, c new @"));
        Assert.That((run.Stored, run.Informer.UnreadableObjects.Count()), Is.EqualTo(("a@3 b@11", 2)));
        watch.Fail(Events.Unavailable);
        Assert.That((await _api.NextWatchAsync()).Watch!.ResourceVersion, Is.EqualTo("11"));
    }

    [Test]
    public async Task An_object_that_becomes_readable_or_is_deleted_is_no_longer_reported()
    {
        await using var run = await SyncedAsync();
        var watch = await _api.NextWatchAsync();
        var gone = new UnreadableObject(new ObjectKey("n", "b"), "", "", "");
        watch.Send(Events.Modified("a", 9) with { Unreadable = Unreadable }, Events.Modified("b", 10) with { Unreadable = gone });
        await run.ChangesAsync(2);

        watch.Send(Events.Modified("a", 11), Events.Deleted("b", 12) with { Unreadable = gone });

        Assert.That(await run.ChangesAsync(2), Is.EqualTo("a @3 to @11, b gone @12"));
        Assert.That(run.Informer.UnreadableObjects, Is.Empty);
    }

    [Test]
    public async Task An_object_without_a_name_is_reported_until_the_next_list()
    {
        var nameless = new UnreadableObject(ObjectKey.None, "", "", "it is not a JSON object");
        await using var run = new InformerRun(_api);
        (await _api.NextListAsync()).Answer(Events.Page(7, Events.Item("a", 3)) with { Unreadable = [nameless, nameless] });

        await run.ChangesAsync(2);
        Assert.That((run.Stored, run.Informer.UnreadableObjects.Single().Name), Is.EqualTo(("a@3", "of unknown name")));
        (await _api.NextWatchAsync()).Fail(Events.Gone);
        (await _api.NextListAsync()).Answer(Events.Page(8, Events.Item("a", 4)));
        await run.ChangesAsync(1);
        Assert.That(run.Informer.UnreadableObjects, Is.Empty);
    }

    [TestCase("a\u202e\n\u001b[31m")]
    [TestCase("A secret")]
    public async Task The_log_shows_no_name_that_an_API_server_would_not_store(string name)
    {
        var log = new LogLines<Informer>();
        await using var run = new InformerRun(_api, logger: log);

        (await _api.NextListAsync()).Answer(Events.Page(7) with { Unreadable = [new UnreadableObject(new ObjectKey("n", name), "", "", "it is odd")] });
        await run.ChangesAsync(1);

        Assert.That(log.Lines, Has.Some.EqualTo(
            "ConfigMap (invalid name) on the test cluster cannot be read: it is odd. It is skipped until it changes"));
        Assert.That(log.Lines, Has.None.Contains(name));
    }

    [Test]
    public async Task Many_unreadable_objects_do_not_fill_the_log()
    {
        var log = new LogLines<Informer>();
        await using var run = new InformerRun(_api, logger: log);
        var unreadable = Enumerable.Range(1, 100)
            .Select(number => Unreadable with { Key = new ObjectKey("n", number.ToString(CultureInfo.InvariantCulture)) });

        (await _api.NextListAsync()).Answer(Events.Page(7) with { Unreadable = [.. unreadable] });
        await run.ChangesAsync(100);

        Assert.That(log.Lines.Count(line => line.Contains("cannot be read", StringComparison.Ordinal)), Is.EqualTo(10));
    }

    [Test]
    public async Task Unreadable_objects_of_a_watch_count_towards_the_limit()
    {
        await using var run = new InformerRun(_api, options: new InformerOptions { Limits = new InformerLimits { Objects = 2 } });
        (await _api.NextListAsync()).Answer(Events.Page(7, Events.Item("a", 3)));

        (await _api.NextWatchAsync()).Send(
            Events.Added("b", 8) with { Unreadable = Unreadable with { Key = new ObjectKey("n", "b") } },
            Events.Added("c", 9) with { Unreadable = Unreadable with { Key = new ObjectKey("n", "c") } });

        Assert.That((await _api.NextListAsync()).List, Is.Not.Null);
    }

    [Test]
    public async Task A_list_with_too_many_objects_is_not_kept()
    {
        await using var run = new InformerRun(_api, options: new InformerOptions { Limits = new InformerLimits { Objects = 2 } });

        (await _api.NextListAsync()).Answer(Events.Page(7, Events.Item("a", 1), Events.Item("b", 2), Events.Item("c", 3)));

        var error = (await run.StateAsync()).Failure!;
        Assert.That((error.Reason, run.Stored), Is.EqualTo(("LimitExceeded", "")));
        Assert.That(error.Message, Is.EqualTo("list configmaps on the test cluster: there are at least 3 objects, and the limit is 2 (limit objects)"));
        (await _api.NextListAsync()).Answer(Events.Page(7, Events.Item("a", 1), Events.Item("b", 2)));
        Assert.That(await run.ChangesAsync(2), Is.EqualTo("a new @1, b new @2"));
        Assert.That(run.Time.Pauses[0], Is.EqualTo(TimeSpan.FromSeconds(30)));
    }

    [Test]
    public async Task A_watch_that_adds_too_many_objects_is_followed_by_a_list()
    {
        await using var run = new InformerRun(_api, options: new InformerOptions { Limits = new InformerLimits { Objects = 2 } });
        (await _api.NextListAsync()).Answer(Events.Page(7, Events.Item("a", 3)));

        (await _api.NextWatchAsync()).Send(Events.Added("b", 8), Events.Modified("b", 9), Events.Added("c", 10));

        (await _api.NextListAsync()).Answer(Events.Page(12, Events.Item("c", 10)));
        Assert.That(await run.ChangesAsync(6), Does.EndWith("c new @10"));
    }

    [Test]
    public async Task An_object_that_grows_beyond_the_limit_is_not_kept()
    {
        await using var run = new InformerRun(_api, options: new InformerOptions { Limits = new InformerLimits { StoreBytes = 10_000 } });
        (await _api.NextListAsync()).Answer(Events.Page(7, Events.Item("a", 3)));
        var grown = Events.Item("a", 8).Json.GetRawText().Replace("{\"metadata\"", $"{{\"data\":\"{new string('x', 10_000)}\",\"metadata\"", StringComparison.Ordinal);

        (await _api.NextWatchAsync()).Send(Events.Modified("a", 7), new WatchEvent(WatchEventType.Modified, KubeObject.Parse(grown)));

        Assert.That((await _api.NextListAsync()).List, Is.Not.Null);
        Assert.That((run.Stored, run.Informer.Store.Bytes < 10_000), Is.EqualTo(("a@7", true)));
    }

    [Test]
    public async Task Objects_outside_the_namespace_that_is_watched_are_ignored()
    {
        await using var run = new InformerRun(_api, new WatchScope("other"));
        (await _api.NextListAsync()).Answer(Events.Page(7, Events.Item("a", 3)) with { Unreadable = [Unreadable] });

        var watch = await _api.NextWatchAsync();
        watch.Send(Events.Added("b", 8), Events.Bookmark(9));
        watch.Fail(Events.Unavailable);

        Assert.That((await _api.NextWatchAsync()).Watch!.ResourceVersion, Is.EqualTo("9"));
        Assert.That((run.Stored, run.Informer.UnreadableObjects.Count()), Is.EqualTo(("", 0)));
    }

    [Test]
    public async Task Objects_that_are_unreadable_and_readable_in_turn_do_not_fill_the_log()
    {
        var log = new LogLines<Informer>();
        await using var run = new InformerRun(_api, logger: log);
        (await _api.NextListAsync()).Answer(Events.Page(7));

        (await _api.NextWatchAsync()).Send(
        [
            .. Enumerable.Range(1, 100).SelectMany(number => (WatchEvent[])
            [
                Events.Modified("a", number + 100) with { Unreadable = Unreadable with { Uid = number.ToString(CultureInfo.InvariantCulture) } },
                Events.Modified("b", number + 100) with { Unreadable = Unreadable with { Key = ObjectKey.None } },
                Events.Modified("a", number + 100),
            ]),
        ]);
        await run.ChangesAsync(201);

        Assert.That(log.Lines.Count(line => line.Contains("cannot be read", StringComparison.Ordinal)), Is.LessThanOrEqualTo(10));
    }

    [Test]
    public async Task A_list_that_takes_too_much_memory_is_not_kept()
    {
        await using var run = new InformerRun(_api, options: new InformerOptions { Limits = new InformerLimits { StoreBytes = 10_000, FlagPrefix = "--some-max-" } });
        var large = KubeObject.From(new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "a", ["namespace"] = "n", ["resourceVersion"] = "1" },
            ["data"] = new string('x', 10_000),
        });

        (await _api.NextListAsync()).Answer(Events.Page(7, large));

        Assert.That((await run.StateAsync()).Failure!.Message, Does.Match("the objects take at least [0-9]{5} bytes of memory, and the limit is 10000 [(]--some-max-store-bytes[)]$"));
    }

    [Test]
    public async Task A_list_without_end_is_an_error()
    {
        await using var run = new InformerRun(_api, options: new InformerOptions { Limits = new InformerLimits { Pages = 50 } });
        for (var page = 1; page <= 50; page++)
        {
            (await _api.NextListAsync()).Answer(Events.Page(7) with { Continue = page.ToString(CultureInfo.InvariantCulture) });
        }

        Assert.That((await run.StateAsync()).Failure!.Message, Does.EndWith("the list has at least 51 pages, and the limit is 50 (limit pages)"));
    }

    [Test]
    public async Task A_list_that_continues_where_it_began_is_an_error()
    {
        await using var run = new InformerRun(_api);
        (await _api.NextListAsync()).Answer(Events.Page(7) with { Continue = "x" });
        (await _api.NextListAsync()).Answer(Events.Page(7) with { Continue = "x" });

        Assert.That((await run.StateAsync()).Failure!.IsTransient);
    }

    [Test]
    public async Task The_size_of_pages_follows_from_the_size_of_objects()
    {
        await using var run = new InformerRun(_api);
        List<int> sizes = [];
        var pages = (long[])[1, 1, 1, 1, 5 << 20, 5 << 20, 2 << 20, 1];
        for (var page = 0; page < pages.Length; page++)
        {
            var list = await _api.NextListAsync();
            sizes.Add(list.List!.Limit);
            list.Answer(Events.Page(7) with { Bytes = pages[page], Continue = page.ToString(CultureInfo.InvariantCulture) });
        }

        sizes.Add((await _api.NextListAsync()).List!.Limit);
        Assert.That(sizes, Is.EqualTo(PageSizes));
    }

    [Test]
    public async Task Objects_that_a_list_has_unchanged_stay_the_same_instances()
    {
        await using var run = await SyncedAsync();
        var before = run.Informer.Store.Get(new ObjectKey("n", "a"));

        (await _api.NextWatchAsync()).Fail(Events.Gone);
        (await _api.NextListAsync()).Answer(Events.Page(9, Events.Item("a", 3), Events.Item("b", 8)));
        await run.ChangesAsync(1);

        Assert.That(run.Informer.Store.Get(new ObjectKey("n", "a")), Is.SameAs(before));
        Assert.That((run.Informer.Store.Count, run.Informer.Store.Bytes), Is.EqualTo((2, run.Informer.Store.All.Sum(item => (long)item.Size))));
    }

    private async Task<InformerRun> SyncedAsync()
    {
        var run = new InformerRun(_api);
        (await _api.NextListAsync()).Answer(Events.Page(7, Events.Item("a", 3)));
        await run.StateAsync();
        await run.ChangesAsync(1);
        return run;
    }
}

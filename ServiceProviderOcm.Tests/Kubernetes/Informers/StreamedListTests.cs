using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Tests.Kubernetes.Informers;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class StreamedListTests
{
    private static readonly InformerOptions Options = new() { StreamsLists = true };
    private static readonly UnreadableObject Unreadable = new(new ObjectKey("n", "x"), "u", "9", "it is odd");

    private readonly ManualApi _api = new();

    [Test]
    public async Task A_watch_that_begins_with_the_objects_replaces_list_and_watch()
    {
        await using var run = new InformerRun(_api, options: Options);
        var watch = await _api.NextWatchAsync();
        Assert.That((watch.Watch!.SendsInitialEvents, watch.Watch.ResourceVersion, watch.Watch.Opened), Is.EqualTo((true, "", null as Action)));

        watch.Send(Events.Added("a", 3), Events.Added("b", 4));
        Assert.That((run.UnreadStates, run.Informer.State.HasSynced), Is.EqualTo((0, false)));
        watch.Send(End(7), Events.Modified("a", 8));

        Assert.That((await run.StateAsync()).IsSynced);
        Assert.That(await run.ChangesAsync(3), Is.EqualTo("a @3 to @8, a new @3, b new @4"));
        watch.Fail(Events.Unavailable);
        var next = await _api.NextWatchAsync();
        Assert.That((next.Watch!.ResourceVersion, next.Watch.SendsInitialEvents, next.Watch.Server), Is.EqualTo(("8", false, Server)));
    }

    [Test]
    public async Task Objects_that_are_gone_when_the_list_comes_again_are_removed_and_unchanged_ones_stay_the_same()
    {
        await using var run = new InformerRun(_api, options: Options);
        (await _api.NextWatchAsync()).Send(Events.Added("a", 3), Events.Added("b", 4), End(7)).Fail(Events.Gone);
        await run.ChangesAsync(2);
        var a = run.Informer.Store.Get(new ObjectKey("n", "a"));

        var watch = await _api.NextWatchAsync();
        watch.Send(Events.Added("a", 3), Events.Added("c", 9));
        Assert.That((watch.Watch!.SendsInitialEvents, run.Stored), Is.EqualTo((true, "a@3 b@4")));
        watch.Send(End(10));

        Assert.That(await run.ChangesAsync(2), Is.EqualTo("b gone @4, c new @9"));
        Assert.That(run.Informer.Store.Get(new ObjectKey("n", "a")), Is.SameAs(a));
    }

    [Test]
    public async Task A_server_without_support_is_listed_page_by_page_and_not_asked_again()
    {
        await using var run = new InformerRun(_api, options: Options);
        (await _api.NextWatchAsync()).Fail(StreamedListSupport.Error());

        (await _api.NextListAsync()).Answer(Events.Page(7, Events.Item("a", 3)));
        (await _api.NextWatchAsync()).Fail(Events.Gone);

        (await _api.NextListAsync()).Answer(Events.Page(9, Events.Item("a", 3)));
        Assert.That((run.Time.Pauses.Count, run.Stored), Is.EqualTo((1, "a@3")), "no pause for the server that does not support it");
    }

    [Test]
    public async Task The_limits_are_those_of_a_list()
    {
        await using var run = new InformerRun(_api, options: Options with { Limits = new InformerLimits { Objects = 2 } });

        (await _api.NextWatchAsync()).Send(Events.Added("a", 1), Events.Added("a", 2), Events.Added("b", 3), Events.Added("c", 4));

        Assert.That((await run.StateAsync()).Failure!.Message, Is.EqualTo(
            "list configmaps on the test cluster: there are at least 3 objects, and the limit is 2 (limit objects)"));
        Assert.That((await _api.NextWatchAsync()).Watch!.SendsInitialEvents);
    }

    [Test]
    public async Task Objects_that_cannot_be_read_are_reported_when_the_list_is_complete()
    {
        await using var run = new InformerRun(_api, options: Options);

        (await _api.NextWatchAsync()).Send(
            Events.Added("x", 9) with { Unreadable = Unreadable }, Events.Added("a", 3), Events.Deleted("a", 4), End(10));

        Assert.That(await run.ChangesAsync(1), Is.EqualTo("x new @"));
        Assert.That((run.Stored, run.Informer.UnreadableObjects.Single()), Is.EqualTo(("", Unreadable)));
    }

    [Test]
    public async Task A_stream_that_ends_before_the_list_is_complete_is_an_error_and_keeps_the_store()
    {
        await using var run = new InformerRun(_api, options: Options);
        var watch = await _api.NextWatchAsync();
        watch.Send(Events.Added("a", 3)).End();

        Assert.That((await run.StateAsync()).Failure!.Message, Is.EqualTo("the watch ended before all objects were listed"));
        Assert.That(run.Stored, Is.Empty);
        Assert.That((await _api.NextWatchAsync()).Watch!.SendsInitialEvents);
    }

    [Test]
    public async Task Watches_that_always_break_are_reported_as_such()
    {
        await using var run = new InformerRun(_api, options: Options, longestPause: InformerRun.BetweenWatches);
        (await _api.NextWatchAsync()).Send(Events.Added("a", 3), End(7)).Fail(Events.Unavailable);
        for (var round = 0; round < 8 && run.Informer.BrokenWatch is null; round++)
        {
            var watch = await _api.NextWatchAsync();
            if (watch.Watch!.SendsInitialEvents)
            {
                watch.Send(Events.Added("a", 3), End(7));
            }
            else
            {
                await watch.OpenedAsync();
            }

            watch.Fail(Events.Unavailable);
        }

        await _api.NextWatchAsync();
        Assert.That(run.Informer.BrokenWatch, Is.Not.Null);
    }

    private static readonly Uri Server = new("https://one.example");

    private static WatchEvent End(int version) => Events.Bookmark(version) with { EndsInitialEvents = true, Server = Server };
}

using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Tests.Kubernetes.Informers;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class BrokenWatchTests
{
    private static readonly KubernetesApiException Broken = new(500, "InternalError", "etcd event received with PrevKv=nil");

    private readonly ManualApi _api = new();

    [Test]
    public async Task A_watch_that_opens_and_fails_twice_without_an_event_is_followed_by_a_list()
    {
        await using var run = await SyncedAsync();

        (await _api.NextWatchAsync()).Open().Fail(Broken);
        (await _api.NextWatchAsync()).Open().Fail(Broken);
        (await _api.NextListAsync()).Answer(Events.Page(9, Events.Item("b", 8)));

        Assert.That(await run.ChangesAsync(2), Is.EqualTo("a gone @3, b new @8"));
        Assert.That((await _api.NextWatchAsync()).Watch!.ResourceVersion, Is.EqualTo("9"));
    }

    [Test]
    public async Task An_event_between_two_failures_makes_a_list_unnecessary()
    {
        await using var run = await SyncedAsync();

        for (var round = 0; round < 4; round++)
        {
            (await _api.NextWatchAsync()).Send(Events.Bookmark(10 + round)).Fail(Broken);
        }

        Assert.That((await _api.NextWatchAsync()).Watch!.ResourceVersion, Is.EqualTo("13"));
    }

    private static readonly TestCaseData[] NoNews =
    [
        new TestCaseData((Func<WatchEvent>)(() => Events.Bookmark(7))).SetArgDisplayNames("a bookmark of the version of the list"),
        new TestCaseData((Func<WatchEvent>)(() => Events.Bookmark(5))).SetArgDisplayNames("a bookmark of an earlier version"),
        new TestCaseData((Func<WatchEvent>)(() => Events.Modified("a", 3))).SetArgDisplayNames("an object that is known"),
        new TestCaseData((Func<WatchEvent>)(() => Events.Deleted("z", 4))).SetArgDisplayNames("an object that is gone"),
        new TestCaseData((Func<WatchEvent>)(() => Events.Added("a", 0))).SetArgDisplayNames("an object whose version is no number above 0"),
    ];

    [TestCaseSource(nameof(NoNews))]
    public async Task A_watch_that_sends_no_news_before_it_fails_is_broken(Func<WatchEvent> sent)
    {
        await using var run = await SyncedAsync();

        (await _api.NextWatchAsync()).Send(sent()).Fail(Broken);
        (await _api.NextWatchAsync()).Send(sent()).Fail(new KubernetesApiException(0, "BrokenOff", "truncated line"));

        (await _api.NextListAsync()).Answer(Events.Page(9, Events.Item("b", 8)));
        Assert.That((await _api.NextWatchAsync()).Watch!.ResourceVersion, Is.EqualTo("9"));
    }

    [TestCaseSource(nameof(NoNews))]
    public async Task Watches_that_end_at_once_without_news_are_followed_by_a_list(Func<WatchEvent> sent)
    {
        await using var run = await SyncedAsync();
        for (var round = 0; round < 10; round++)
        {
            (await _api.NextWatchAsync()).Send(sent()).End();
        }

        await _api.NextListAsync();
    }

    [Test]
    public async Task Objects_out_of_scope_are_no_news()
    {
        await using var run = await SyncedAsync(new WatchScope(NamePrefix: "a"));

        for (var round = 0; round < 2; round++)
        {
            (await _api.NextWatchAsync()).Send(Events.Added("foreign", 10 + round)).Fail(Broken);
        }

        await _api.NextListAsync();
    }

    [Test]
    public async Task Versions_that_a_watch_has_sent_before_are_no_news()
    {
        await using var run = await SyncedAsync();

        (await _api.NextWatchAsync()).Send(Events.Bookmark(12)).Fail(Broken);
        (await _api.NextWatchAsync()).Send(Events.Bookmark(8)).Fail(Broken);
        (await _api.NextWatchAsync()).Send(Events.Bookmark(12)).Fail(Broken);

        await _api.NextListAsync();
    }

    [Test]
    public async Task Watches_that_send_old_events_and_fail_are_delayed_up_to_the_maximum()
    {
        await using var run = await SyncedAsync();
        for (var round = 0; round < 12; round++)
        {
            (await WatchAsync()).Send(Events.Bookmark(7)).Fail(Broken);
        }

        await WatchAsync();
        Assert.That(run.Time.Pauses[^1], Is.InRange(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10)));
    }

    [Test]
    public async Task A_watch_that_cannot_be_opened_is_not_followed_by_a_list()
    {
        await using var run = await SyncedAsync();

        for (var round = 0; round < 5; round++)
        {
            (await _api.NextWatchAsync()).Fail(Broken);
        }

        await _api.NextWatchAsync();
    }

    [Test]
    public async Task A_broken_watch_is_reported_until_it_sends_something()
    {
        await using var run = await SyncedAsync();
        await BreakAsync(run);

        Assert.That(run.Informer.BrokenWatch, Is.SameAs(Broken));
        var watch = await WatchAsync();
        await watch.OpenedAsync();
        Assert.That((run.Informer.State.Failure, run.Informer.BrokenWatch), Is.EqualTo((Broken, Broken)));

        watch.Send(Events.Bookmark(99));
        Assert.That(await run.StateAsync(), Is.EqualTo(new InformerState.Synced()));
        Assert.That(run.Informer.BrokenWatch, Is.Null);
    }

    [Test]
    public async Task A_broken_watch_is_reported_until_one_lasts_although_nothing_changes()
    {
        await using var run = await SyncedAsync();
        await BreakAsync(run);
        var watch = await WatchAsync();
        await watch.OpenedAsync();

        run.Time.Advance(InformerRun.Lasting);
        Assert.That(await run.StateAsync(), Is.EqualTo(new InformerState.Synced()));

        watch.Fail(Broken);
        (await WatchAsync()).Open();
        Assert.That((run.UnreadStates, run.Informer.State), Is.EqualTo((0, (InformerState)new InformerState.Synced())));
    }

    [Test]
    public async Task Lists_after_broken_watches_are_delayed_up_to_the_maximum()
    {
        await using var run = await SyncedAsync();
        await BreakAsync(run);
        for (var round = 0; round < 8; round++)
        {
            (await WatchAsync()).Open().Fail(Broken);
        }

        await WatchAsync();
        Assert.That(run.Time.Pauses[^1], Is.InRange(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10)));
    }

    [Test]
    public async Task Watches_that_end_early_again_and_again_are_followed_by_a_list([Values(0, 0.3, 9.9)] double seconds)
    {
        await using var run = await SyncedAsync();
        for (var round = 0; round < 10; round++)
        {
            var watch = await _api.NextWatchAsync();
            run.Time.Advance(TimeSpan.FromSeconds(seconds));
            watch.End();
        }

        (await _api.NextListAsync()).Answer(Events.Page(9, Events.Item("b", 8)));
        Assert.That(await run.ChangesAsync(2), Is.EqualTo("a gone @3, b new @8"));
    }

    [Test]
    public async Task Watches_that_end_early_without_news_are_delayed_up_to_the_maximum([Values(0, 0.3, 9.9)] double seconds)
    {
        await using var run = await SyncedAsync();
        for (var round = 0; round < 22; round++)
        {
            var watch = await WatchAsync();
            run.Time.Advance(TimeSpan.FromSeconds(seconds));
            watch.End();
        }

        await WatchAsync();
        Assert.That(run.Time.Pauses[^1], Is.InRange(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10)));
    }

    private async Task BreakAsync(InformerRun run)
    {
        while (run.UnreadStates == 0)
        {
            (await WatchAsync()).Open().Fail(Broken);
            await Servers.Eventually.Async(() => _api.Waiting > 0, "it tries again");
        }

        Assert.That(await run.StateAsync(), Is.EqualTo(new InformerState.Stale(Broken)));
    }

    // The next watch; lists before it are answered.
    private async Task<ApiCall> WatchAsync()
    {
        while (true)
        {
            var call = await _api.NextCallAsync();
            if (call.Watch is not null)
            {
                return call;
            }

            call.Answer(Events.Page(7, Events.Item("a", 3)));
        }
    }

    private async Task<InformerRun> SyncedAsync(WatchScope? scope = null)
    {
        var run = new InformerRun(_api, scope, longestPause: InformerRun.BetweenWatches);
        (await _api.NextListAsync()).Answer(Events.Page(7, Events.Item("a", 3)));
        await run.StateAsync();
        await run.ChangesAsync(1);
        return run;
    }
}

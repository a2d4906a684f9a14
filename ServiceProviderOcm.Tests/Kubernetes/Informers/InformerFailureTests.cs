using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;

namespace ServiceProviderOcm.Tests.Kubernetes.Informers;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class InformerFailureTests
{
    private static readonly InformerState Synced = new(HasSynced: true, IsServed: true, Failure: null);

    private readonly ManualApi _api = new();

    [Test]
    public async Task A_cluster_that_cannot_be_listed_is_told_at_once()
    {
        await using var run = new InformerRun(_api);

        (await _api.NextListAsync()).Fail(Told.Unavailable);
        Assert.That(await run.StateAsync(), Is.EqualTo(new InformerState(HasSynced: false, IsServed: true, Told.Unavailable)));

        (await _api.NextListAsync()).Answer(Told.Page(7));
        Assert.That(await run.StateAsync(), Is.EqualTo(Synced));
    }

    [Test]
    public async Task The_same_state_is_told_once()
    {
        await using var run = new InformerRun(_api);
        for (var round = 0; round < 3; round++)
        {
            (await _api.NextListAsync()).Fail(new KubernetesApiException(503, "ServiceUnavailable", "down"));
        }

        (await _api.NextListAsync()).Fail(Told.Forbidden);
        await _api.NextListAsync();

        Assert.That(
            ((await run.StateAsync()).Failure!.Code, (await run.StateAsync()).Failure!.Code, run.UnreadStates), Is.EqualTo((503, 403, 0)));
    }

    [Test]
    public async Task Short_failures_are_not_told()
    {
        await using var run = await SyncedAsync();

        for (var round = 0; round < 4; round++)
        {
            (await _api.NextWatchAsync()).Fail(Told.Unavailable);
        }

        (await _api.NextWatchAsync()).Send(Told.Bookmark(9)).End();
        await _api.NextWatchAsync();

        Assert.That((run.UnreadStates, run.Informer.State), Is.EqualTo((0, Synced)));
    }

    [Test]
    public async Task Lasting_failures_are_told_until_the_watch_is_open_again()
    {
        await using var run = await SyncedAsync();
        var started = run.Time.GetTimestamp();
        var elapsed = TimeSpan.Zero;
        while (run.UnreadStates == 0)
        {
            var watch = await _api.NextWatchAsync();
            elapsed = run.Time.GetElapsedTime(started);
            watch.Fail(Told.Unavailable);
            await WaitsAgainAsync();
        }

        Assert.That(elapsed, Is.InRange(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(20)));
        Assert.That(await run.StateAsync(), Is.EqualTo(new InformerState(HasSynced: true, IsServed: true, Told.Unavailable)));
        (await _api.NextWatchAsync()).Open();
        Assert.That(await run.StateAsync(), Is.EqualTo(Synced));
    }

    [Test]
    public async Task A_lost_place_does_not_use_up_the_patience_with_later_failures()
    {
        await using var run = await SyncedAsync();

        (await _api.NextWatchAsync()).Fail(Told.Gone);
        (await _api.NextListAsync()).Answer(Told.Page(30));
        (await _api.NextWatchAsync()).Open().Fail(Told.Unavailable);
        (await _api.NextWatchAsync()).Send(Told.Bookmark(31));

        Assert.That((run.UnreadStates, run.Informer.State), Is.EqualTo((0, Synced)));
    }

    [Test]
    public async Task A_place_that_is_lost_again_and_again_is_told()
    {
        await using var run = await SyncedAsync();
        (await _api.NextWatchAsync()).Fail(Told.Gone);
        while (run.UnreadStates == 0)
        {
            (await _api.NextListAsync()).Fail(Told.Gone);
            await WaitsAgainAsync();
        }

        Assert.That((await run.StateAsync()).Failure, Is.SameAs(Told.Gone));
    }

    [Test]
    public async Task Where_only_watching_is_refused_it_slows_down_and_says_so_once()
    {
        await using var run = await SyncedAsync();
        for (var round = 0; round < 12; round++)
        {
            (await _api.NextWatchAsync()).Fail(Told.Forbidden);
            (await _api.NextListAsync()).Answer(Told.Page(7 + round));
        }

        await _api.NextWatchAsync();
        Assert.That(run.Time.Pauses[^1], Is.InRange(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10)));
        Assert.That(((await run.StateAsync()).Failure, run.UnreadStates), Is.EqualTo((Told.Forbidden, 0)));
    }

    [Test]
    public async Task Pauses_double_with_jitter_up_to_the_longest()
    {
        await using var run = await SyncedAsync();
        for (var round = 0; round < 9; round++)
        {
            (await _api.NextWatchAsync()).Fail(Told.Unavailable);
        }

        await _api.NextWatchAsync();
        var full = (double[])[0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 10, 10, 10];
        Assert.That(run.Time.Pauses, Has.Count.EqualTo(9));
        for (var round = 0; round < 9; round++)
        {
            Assert.That(run.Time.Pauses[round].TotalSeconds, Is.InRange((full[round] / 2) - 0.001, full[round]));
        }

        Assert.That(run.Time.Pauses.Skip(6).Distinct().Count(), Is.EqualTo(3), "there is jitter");
    }

    [Test]
    public async Task Any_news_makes_the_next_pause_short()
    {
        await using var run = await SyncedAsync();
        for (var round = 0; round < 6; round++)
        {
            (await _api.NextWatchAsync()).Fail(Told.Unavailable);
        }

        (await _api.NextWatchAsync()).Send(Told.Bookmark(9)).Fail(Told.Unavailable);
        await _api.NextWatchAsync();

        Assert.That(run.Time.Pauses[^1], Is.LessThanOrEqualTo(TimeSpan.FromMilliseconds(200)));
    }

    [Test]
    public async Task A_watch_that_lasts_makes_the_next_pause_short_and_one_that_does_not_does_not()
    {
        await using var run = await SyncedAsync();
        for (var round = 0; round < 6; round++)
        {
            (await _api.NextWatchAsync()).Open().Fail(Told.Unavailable);
        }

        var lasting = await _api.NextWatchAsync();
        var before = run.Time.Pauses[^1];
        await lasting.OpenedAsync();
        run.Time.Advance(TimeSpan.FromSeconds(10));
        lasting.Fail(Told.Unavailable);
        await _api.NextWatchAsync();

        Assert.That(before, Is.GreaterThan(TimeSpan.FromSeconds(3)));
        Assert.That(run.Time.Pauses[^1], Is.LessThanOrEqualTo(TimeSpan.FromMilliseconds(200)));
    }

    [Test]
    public async Task The_server_may_ask_for_a_longer_pause()
    {
        await using var run = await SyncedAsync();

        (await _api.NextWatchAsync()).Fail(new KubernetesApiException(429, "TooManyRequests", "later", TimeSpan.FromSeconds(17)));
        await _api.NextWatchAsync();

        Assert.That(run.Time.Pauses[^1], Is.EqualTo(TimeSpan.FromSeconds(17)));
    }

    [Test]
    public async Task No_pause_that_the_server_asks_for_is_too_long_to_take()
    {
        await using var run = await SyncedAsync();

        (await _api.NextWatchAsync()).Fail(new KubernetesApiException(429, "TooManyRequests", "later", TimeSpan.FromDays(100)));
        await _api.NextWatchAsync();

        Assert.That(run.Time.Pauses[^1], Is.EqualTo(new InformerOptions().WatchTimeout));
    }

    [Test]
    public async Task A_watch_that_ends_at_once_is_not_renewed_at_once()
    {
        await using var run = await SyncedAsync();
        for (var round = 0; round < 5; round++)
        {
            (await _api.NextWatchAsync()).End();
        }

        await _api.NextWatchAsync();
        Assert.That(run.Time.Pauses, Is.EqualTo(Enumerable.Repeat(new InformerOptions().BaseDelay, 5)));
        Assert.That((run.UnreadStates, run.Informer.State), Is.EqualTo((0, Synced)));
    }

    [Test]
    public async Task A_kind_that_is_not_served_has_no_objects()
    {
        await using var run = new InformerRun(_api);
        (await _api.NextListAsync()).Fail(Told.NotFound);
        Assert.That(await run.StateAsync(), Is.EqualTo(new InformerState(HasSynced: true, IsServed: false, Failure: null)));

        (await _api.NextListAsync()).Answer(Told.Page(7, Told.Item("a", 3)));
        Assert.That(await run.StateAsync(), Is.EqualTo(Synced));
        Assert.That(await run.ChangesAsync(1), Is.EqualTo("a new @3"));
    }

    [Test]
    public async Task A_kind_that_is_no_longer_served_has_no_objects_any_more()
    {
        await using var run = await SyncedAsync();

        (await _api.NextWatchAsync()).Fail(Told.NotFound);
        Assert.That((await run.StateAsync()).IsServed, Is.False);
        Assert.That((await run.ChangesAsync(1), run.Stored), Is.EqualTo(("a gone @3", "")));

        (await _api.NextListAsync()).Answer(Told.Page(4, Told.Item("a", 4)));
        Assert.That(await run.ChangesAsync(1), Is.EqualTo("a new @4"));
    }

    [Test]
    public async Task That_a_kind_is_no_longer_served_is_known_before_its_objects_go()
    {
        InformerRun? run = null;
        bool? wasServed = null;
        run = new InformerRun(_api, listener: change => wasServed = change.After is null ? run!.Informer.State.IsServed : null);
        await using var running = run;
        (await _api.NextListAsync()).Answer(Told.Page(7, Told.Item("a", 3)));
        await run.ChangesAsync(1);

        (await _api.NextWatchAsync()).Fail(Told.NotFound);
        await run.ChangesAsync(1);
        await _api.NextListAsync();

        Assert.That(wasServed, Is.False);
    }

    private static IEnumerable<Exception> Surprises() => [new InvalidOperationException("oh"), new OperationCanceledException("ah")];

    [TestCaseSource(nameof(Surprises))]
    public async Task Exceptions_that_nobody_foresaw_are_failures_like_others(Exception surprise)
    {
        await using var run = new InformerRun(_api);
        (await _api.NextListAsync()).Fail(surprise);
        Assert.That((await run.StateAsync()).Failure, Has.Message.EqualTo(surprise.Message).And.InnerException.SameAs(surprise));

        (await _api.NextListAsync()).Answer(Told.Page(7));
        Assert.That(await run.StateAsync(), Is.EqualTo(Synced));
        (await _api.NextWatchAsync()).Fail(new InvalidOperationException("oh"));
        Assert.That((await _api.NextWatchAsync()).Watch!.ResourceVersion, Is.EqualTo("7"));
        Assert.That(run.Completion.IsCompleted, Is.False);
    }

    // The state after a failure has been told once the next call has come.
    private Task WaitsAgainAsync() => Servers.Eventually.Async(() => _api.Waiting > 0, "it tries again");

    private async Task<InformerRun> SyncedAsync()
    {
        var run = new InformerRun(_api);
        (await _api.NextListAsync()).Answer(Told.Page(7, Told.Item("a", 3)));
        await run.StateAsync();
        await run.ChangesAsync(1);
        return run;
    }
}

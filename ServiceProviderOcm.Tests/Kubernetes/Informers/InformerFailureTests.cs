using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Tests.Kubernetes.Informers;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class InformerFailureTests
{
    private static readonly InformerState Synced = new InformerState.Synced();

    private readonly ManualApi _api = new();

    [Test]
    public async Task A_failed_first_list_is_reported_at_once()
    {
        await using var run = new InformerRun(_api);

        (await _api.NextListAsync()).Fail(Events.Unavailable);
        Assert.That(await run.StateAsync(), Is.EqualTo(new InformerState.Failing(Events.Unavailable)));

        (await _api.NextListAsync()).Answer(Events.Page(7));
        Assert.That(await run.StateAsync(), Is.EqualTo(Synced));
    }

    [Test]
    public async Task The_same_state_is_reported_once()
    {
        await using var run = new InformerRun(_api);
        for (var round = 0; round < 3; round++)
        {
            (await _api.NextListAsync()).Fail(new KubernetesApiException(503, "ServiceUnavailable", "down"));
        }

        (await _api.NextListAsync()).Fail(Events.Forbidden);
        await _api.NextListAsync();

        Assert.That(
            ((await run.StateAsync()).Failure!.Code, (await run.StateAsync()).Failure!.Code, run.UnreadStates), Is.EqualTo((503, 403, 0)));
    }

    [Test]
    public async Task Short_failures_are_not_reported()
    {
        await using var run = await SyncedAsync();

        for (var round = 0; round < 4; round++)
        {
            (await _api.NextWatchAsync()).Fail(Events.Unavailable);
        }

        (await _api.NextWatchAsync()).Send(Events.Bookmark(9)).End();
        await _api.NextWatchAsync();

        Assert.That((run.UnreadStates, run.Informer.State), Is.EqualTo((0, Synced)));
    }

    [Test]
    public async Task Lasting_failures_are_reported_until_the_watch_is_open_again()
    {
        await using var run = await SyncedAsync();
        var started = run.Time.GetTimestamp();
        var elapsed = TimeSpan.Zero;
        while (run.UnreadStates == 0)
        {
            var watch = await _api.NextWatchAsync();
            elapsed = run.Time.GetElapsedTime(started);
            watch.Fail(Events.Unavailable);
            await WaitsAgainAsync();
        }

        Assert.That(elapsed, Is.InRange(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(20)));
        Assert.That(await run.StateAsync(), Is.EqualTo(new InformerState.Stale(Events.Unavailable)));
        (await _api.NextWatchAsync()).Open();
        Assert.That(await run.StateAsync(), Is.EqualTo(Synced));
    }

    [Test]
    public async Task An_expired_watch_does_not_shorten_the_grace_for_later_failures()
    {
        await using var run = await SyncedAsync();

        (await _api.NextWatchAsync()).Fail(Events.Gone);
        (await _api.NextListAsync()).Answer(Events.Page(30));
        (await _api.NextWatchAsync()).Open().Fail(Events.Unavailable);
        (await _api.NextWatchAsync()).Send(Events.Bookmark(31));

        Assert.That((run.UnreadStates, run.Informer.State), Is.EqualTo((0, Synced)));
    }

    [Test]
    public async Task A_watch_that_expires_again_and_again_is_reported()
    {
        await using var run = await SyncedAsync();
        (await _api.NextWatchAsync()).Fail(Events.Gone);
        while (run.UnreadStates == 0)
        {
            (await _api.NextListAsync()).Fail(Events.Gone);
            await WaitsAgainAsync();
        }

        Assert.That((await run.StateAsync()).Failure, Is.SameAs(Events.Gone));
    }

    [Test]
    public async Task A_forbidden_watch_is_retried_with_back_off_and_reported_once()
    {
        await using var run = await SyncedAsync();
        for (var round = 0; round < 12; round++)
        {
            (await _api.NextWatchAsync()).Fail(Events.Forbidden);
            (await _api.NextListAsync()).Answer(Events.Page(7 + round));
        }

        await _api.NextWatchAsync();
        Assert.That(run.Time.Pauses[^1], Is.InRange(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10)));
        Assert.That(((await run.StateAsync()).Failure, run.UnreadStates), Is.EqualTo((Events.Forbidden, 0)));
    }

    [Test]
    public async Task Delays_double_with_jitter_up_to_the_maximum()
    {
        await using var run = await SyncedAsync();
        for (var round = 0; round < 9; round++)
        {
            (await _api.NextWatchAsync()).Fail(Events.Unavailable);
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
    public async Task An_event_resets_the_back_off()
    {
        await using var run = await SyncedAsync();
        for (var round = 0; round < 6; round++)
        {
            (await _api.NextWatchAsync()).Fail(Events.Unavailable);
        }

        (await _api.NextWatchAsync()).Send(Events.Bookmark(9)).Fail(Events.Unavailable);
        await _api.NextWatchAsync();

        Assert.That(run.Time.Pauses[^1], Is.LessThanOrEqualTo(TimeSpan.FromMilliseconds(200)));
    }

    [Test]
    public async Task Only_a_watch_that_lasts_resets_the_back_off()
    {
        await using var run = await SyncedAsync(InformerRun.BetweenWatches);
        for (var round = 0; round < 3; round++)
        {
            (await _api.NextWatchAsync()).Open().Fail(Events.Unavailable);
            (await _api.NextWatchAsync()).Open().Fail(Events.Unavailable);
            (await _api.NextListAsync()).Answer(Events.Page(7));
        }

        var lasting = await _api.NextWatchAsync();
        var before = run.Time.Pauses[^1];
        await lasting.OpenedAsync();
        run.Time.Advance(TimeSpan.FromSeconds(10));
        lasting.Fail(Events.Unavailable);
        await _api.NextWatchAsync();

        Assert.That(before, Is.GreaterThan(TimeSpan.FromSeconds(3)));
        Assert.That(run.Time.Pauses[^1], Is.LessThanOrEqualTo(TimeSpan.FromMilliseconds(200)));
    }

    [Test]
    public async Task A_longer_Retry_After_of_the_server_is_respected()
    {
        await using var run = await SyncedAsync();

        (await _api.NextWatchAsync()).Fail(new KubernetesApiException(429, "TooManyRequests", "later", TimeSpan.FromSeconds(17)));
        await _api.NextWatchAsync();

        Assert.That(run.Time.Pauses[^1], Is.EqualTo(TimeSpan.FromSeconds(17)));
    }

    [Test]
    public async Task The_longest_possible_Retry_After_does_not_overflow()
    {
        await using var run = await SyncedAsync();

        (await _api.NextWatchAsync()).Fail(new KubernetesApiException(429, "TooManyRequests", "later", TimeSpan.FromDays(100)));
        await _api.NextWatchAsync();

        Assert.That(run.Time.Pauses[^1], Is.EqualTo(new InformerOptions().WatchTimeout));
    }

    [Test]
    public async Task A_watch_that_ends_at_once_is_renewed_after_a_delay()
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
        (await _api.NextListAsync()).Fail(Events.NotFound);
        Assert.That(await run.StateAsync(), Is.EqualTo(new InformerState.NotServed()));

        (await _api.NextListAsync()).Answer(Events.Page(7, Events.Item("a", 3)));
        Assert.That(await run.StateAsync(), Is.EqualTo(Synced));
        Assert.That(await run.ChangesAsync(1), Is.EqualTo("a new @3"));
    }

    [Test]
    public async Task A_kind_that_is_no_longer_served_has_no_objects_any_more()
    {
        await using var run = await SyncedAsync();

        (await _api.NextWatchAsync()).Fail(Events.NotFound);
        Assert.That((await run.StateAsync()).IsServed, Is.False);
        Assert.That((await run.ChangesAsync(1), run.Stored), Is.EqualTo(("a gone @3", "")));

        (await _api.NextListAsync()).Answer(Events.Page(4, Events.Item("a", 4)));
        Assert.That(await run.ChangesAsync(1), Is.EqualTo("a new @4"));
    }

    [Test]
    public async Task The_state_NotServed_is_reported_before_the_store_is_emptied()
    {
        InformerRun? run = null;
        bool? wasServed = null;
        run = new InformerRun(_api, listener: change => wasServed = change.After is null ? run!.Informer.State.IsServed : null);
        await using var running = run;
        (await _api.NextListAsync()).Answer(Events.Page(7, Events.Item("a", 3)));
        await run.ChangesAsync(1);

        (await _api.NextWatchAsync()).Fail(Events.NotFound);
        await run.ChangesAsync(1);
        await _api.NextListAsync();

        Assert.That(wasServed, Is.False);
    }

    private static IEnumerable<Exception> Surprises() => [new InvalidOperationException("oh"), new OperationCanceledException("ah")];

    [TestCaseSource(nameof(Surprises))]
    public async Task Unexpected_exceptions_are_retried_like_other_failures(Exception surprise)
    {
        await using var run = new InformerRun(_api);
        (await _api.NextListAsync()).Fail(surprise);
        Assert.That((await run.StateAsync()).Failure, Has.Message.EqualTo($"unexpected {surprise.GetType().Name}").And.InnerException.Null);

        (await _api.NextListAsync()).Answer(Events.Page(7));
        Assert.That(await run.StateAsync(), Is.EqualTo(Synced));
        (await _api.NextWatchAsync()).Fail(new InvalidOperationException("oh"));
        Assert.That((await _api.NextWatchAsync()).Watch!.ResourceVersion, Is.EqualTo("7"));
        Assert.That(run.Completion.IsCompleted, Is.False);
    }

    // The state after a failure has been reported once the next call arrives.
    private Task WaitsAgainAsync() => Servers.Eventually.Async(() => _api.Waiting > 0, "it tries again");

    private async Task<InformerRun> SyncedAsync(TimeSpan? longestPause = null)
    {
        var run = new InformerRun(_api, longestPause: longestPause);
        (await _api.NextListAsync()).Answer(Events.Page(7, Events.Item("a", 3)));
        await run.StateAsync();
        await run.ChangesAsync(1);
        return run;
    }
}

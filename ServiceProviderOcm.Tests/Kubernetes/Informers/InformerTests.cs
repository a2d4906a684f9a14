using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Tests.Kubernetes.Informers;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class InformerTests
{
    private readonly ManualApi _api = new();

    [Test]
    public async Task An_informer_lists_and_then_watches_from_the_version_of_the_list()
    {
        await using var run = new InformerRun(_api, new WatchScope("n", "l=1", "metadata.name=a"));

        var list = await _api.NextListAsync();
        list.Answer(Events.Page(7, Events.Item("a", 3)));
        var watch = await _api.NextWatchAsync();
        watch.Send(Events.Modified("a", 8), Events.Added("b", 9), Events.Deleted("a", 10));

        Assert.That(await run.ChangesAsync(4), Is.EqualTo("a @3 to @8, a gone @8, a new @3, b new @9"));
        Assert.That(run.Stored, Is.EqualTo("b@9"));
        Assert.That(list.List! with { Budget = null }, Is.EqualTo(new ListRequest("n", "l=1", "metadata.name=a", 500)));
        Assert.That(
            watch.Watch! with { Opened = null, Timeout = default, Budget = null },
            Is.EqualTo(new WatchRequest("7", "n", "l=1", "metadata.name=a", default)));
        Assert.That(watch.Watch!.Timeout, Is.InRange(TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(10)));
    }

    [Test]
    public async Task The_store_is_empty_before_the_last_page()
    {
        await using var run = new InformerRun(_api, options: new InformerOptions { PageSize = 2 });

        (await _api.NextListAsync()).Answer(Events.Page(7, Events.Item("a", 1), Events.Item("b", 2)) with { Continue = "more" });
        var second = await _api.NextListAsync();
        Assert.That((run.Stored, run.Informer.State), Is.EqualTo(("", new InformerState.Starting())));
        second.Answer(Events.Page(7, Events.Item("c", 3)));
        await _api.NextWatchAsync();

        Assert.That((second.List!.Continue, second.List.Limit), Is.EqualTo(("more", 2)));
        Assert.That((run.Stored, run.Informer.State.HasSynced), Is.EqualTo(("a@1 b@2 c@3", true)));
    }

    [Test]
    public async Task A_list_whose_pages_expire_starts_again()
    {
        await using var run = new InformerRun(_api);

        (await _api.NextListAsync()).Answer(Events.Page(7, Events.Item("a", 1)) with { Continue = "more" });
        (await _api.NextListAsync()).Fail(Events.Gone);
        var again = await _api.NextListAsync();
        again.Answer(Events.Page(9, Events.Item("b", 8)));
        var watch = await _api.NextWatchAsync();

        Assert.That((again.List!.Continue, watch.Watch!.ResourceVersion), Is.EqualTo(((string?)null, "9")));
        Assert.That(await run.ChangesAsync(1), Is.EqualTo("b new @8"));
    }

    [Test]
    public async Task A_broken_watch_resumes_where_it_broke()
    {
        await using var run = await SyncedAsync();

        (await _api.NextWatchAsync()).Send(Events.Added("b", 9)).Fail(Events.Unavailable);
        var resumed = await _api.NextWatchAsync();
        resumed.Fail(Events.Unavailable);
        var again = await _api.NextWatchAsync();

        Assert.That((resumed.Watch!.ResourceVersion, again.Watch!.ResourceVersion), Is.EqualTo(("9", "9")));
        Assert.That(run.Stored, Is.EqualTo("a@3 b@9"));
    }

    [Test]
    public async Task Bookmarks_advance_the_version_to_resume_from()
    {
        await using var run = await SyncedAsync();

        (await _api.NextWatchAsync()).Send(Events.Bookmark(20)).End();
        var next = await _api.NextWatchAsync();

        Assert.That((next.Watch!.ResourceVersion, run.Stored), Is.EqualTo(("20", "a@3")));
    }

    [Test]
    public async Task Events_without_a_version_keep_the_version_to_resume_from()
    {
        await using var run = await SyncedAsync();

        (await _api.NextWatchAsync()).Send(new WatchEvent(WatchEventType.Bookmark, KubeObject.Parse("{}"))).End();

        Assert.That((await _api.NextWatchAsync()).Watch!.ResourceVersion, Is.EqualTo("7"));
    }

    [Test]
    public async Task After_an_expired_watch_all_missed_changes_are_reported()
    {
        await using var run = await SyncedAsync(Events.Item("same", 1), Events.Item("changes", 2), Events.Item("goes", 3));

        (await _api.NextWatchAsync()).Open().Fail(Events.Gone);
        (await _api.NextListAsync()).Answer(Events.Page(30, Events.Item("same", 1), Events.Item("changes", 25), Events.Item("comes", 26)));
        var watch = await _api.NextWatchAsync();

        Assert.That(await run.ChangesAsync(3), Is.EqualTo("changes @2 to @25, comes new @26, goes gone @3"));
        Assert.That((watch.Watch!.ResourceVersion, run.Stored), Is.EqualTo(("30", "changes@25 comes@26 same@1")));
    }

    [Test]
    public async Task The_same_version_is_reported_once()
    {
        await using var run = await SyncedAsync();

        (await _api.NextWatchAsync()).Send(Events.Added("a", 3), Events.Modified("a", 3), Events.Added("b", 9));

        Assert.That(await run.ChangesAsync(1), Is.EqualTo("b new @9"));
    }

    [Test]
    public async Task A_recorded_write_is_not_reverted_by_older_events()
    {
        await using var run = await SyncedAsync();
        run.Informer.Store.RecordWrite(Events.Item("a", 12));

        (await _api.NextWatchAsync()).Send(
            Events.Modified("a", 8), Events.Deleted("a", 9), Events.Added("a", 12), Events.Modified("a", 13));

        Assert.That(await run.ChangesAsync(1), Is.EqualTo("a @12 to @13"));
        Assert.That(run.Stored, Is.EqualTo("a@13"));
    }

    [Test]
    public async Task Objects_without_the_name_prefix_are_ignored()
    {
        await using var run = new InformerRun(_api, new WatchScope(NamePrefix: "our-"));
        (await _api.NextListAsync()).Answer(Events.Page(7, Events.Item("our-a", 1), Events.Item("your-a", 2), Events.Item("our", 3)));

        (await _api.NextWatchAsync()).Send(
            Events.Added("your-b", 8), Events.Added("our-b", 9), Events.Modified("your-a", 10), Events.Deleted("your-a", 11), Events.Deleted("our-a", 12));

        Assert.That(await run.ChangesAsync(3), Is.EqualTo("our-a gone @1, our-a new @1, our-b new @9"));
        Assert.That(run.Stored, Is.EqualTo("our-b@9"));
    }

    [Test]
    public async Task Ignored_objects_advance_the_version_to_resume_from()
    {
        await using var run = new InformerRun(_api, new WatchScope(NamePrefix: "our-"));
        (await _api.NextListAsync()).Answer(Events.Page(7));

        (await _api.NextWatchAsync()).Send(Events.Added("your-b", 8)).End();

        Assert.That((await _api.NextWatchAsync()).Watch!.ResourceVersion, Is.EqualTo("8"));
    }

    [Test]
    public async Task Two_informers_are_independent()
    {
        var otherApi = new ManualApi();
        await using var run = await SyncedAsync();
        await using var other = new InformerRun(otherApi);

        (await otherApi.NextListAsync()).Answer(Events.Page(100, Events.Item("x", 50)));
        (await otherApi.NextWatchAsync()).Fail(Events.Gone);
        await otherApi.NextListAsync();
        (await _api.NextWatchAsync()).Send(Events.Added("b", 9));

        Assert.That(await run.ChangesAsync(1), Is.EqualTo("b new @9"));
        Assert.That((run.Stored, other.Stored), Is.EqualTo(("a@3 b@9", "x@50")));
    }

    [Test]
    public async Task An_informer_stops_during_a_list()
    {
        await using var run = new InformerRun(_api);
        await _api.NextListAsync();

        await run.StopAsync();

        Assert.That(run.Completion.IsCompletedSuccessfully);
    }

    [Test]
    public async Task An_informer_stops_during_a_watch()
    {
        await using var run = await SyncedAsync();
        (await _api.NextWatchAsync()).Open();

        await run.StopAsync();

        Assert.That(run.Completion.IsCompletedSuccessfully);
    }

    [Test]
    public async Task An_informer_stops_during_a_delay()
    {
        await using var run = await SyncedAsync();
        (await _api.NextWatchAsync()).Fail(new KubernetesApiException(429, "TooManyRequests", "later", TimeSpan.FromHours(1)));

        await run.StopAsync();

        Assert.That((run.Completion.IsCompletedSuccessfully, _api.Waiting), Is.EqualTo((true, 0)));
    }

    [Test]
    public async Task A_listener_that_throws_receives_later_changes()
    {
        await using var run = new InformerRun(_api, listener: _ => throw new InvalidOperationException("a mistake"));
        (await _api.NextListAsync()).Answer(Events.Page(7, Events.Item("a", 1), Events.Item("b", 2)));
        (await _api.NextWatchAsync()).Send(Events.Added("c", 8), Events.Deleted("a", 9));

        Assert.That(await run.ChangesAsync(4), Is.EqualTo("a gone @1, a new @1, b new @2, c new @8"));
        Assert.That(run.Stored, Is.EqualTo("b@2 c@8"));
    }

    private async Task<InformerRun> SyncedAsync(params KubeObject[] listed)
    {
        var run = new InformerRun(_api);
        KubeObject[] all = listed.Length > 0 ? listed : [Events.Item("a", 3)];
        (await _api.NextListAsync()).Answer(Events.Page(7, all));
        await run.ChangesAsync(all.Length);
        return run;
    }
}

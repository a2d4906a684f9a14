using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Kubernetes.Informers;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class SharedMemoryTests : IDisposable
{
    private readonly SharedMemory _memory = new(100_000, "control planes", "--control-plane-");
    private readonly ManualApi _small = new();
    private readonly ManualApi _large = new();
    private readonly MemoryAccount _smallAccount;
    private readonly MemoryAccount _largeAccount;

    public SharedMemoryTests()
    {
        _smallAccount = _memory.Open("namespace small");
        _largeAccount = _memory.Open("namespace large");
    }

    public void Dispose()
    {
        _smallAccount.Dispose();
        _largeAccount.Dispose();
    }

    [Test]
    public async Task The_one_that_holds_most_is_evicted_when_another_exceeds_the_limit()
    {
        await using var large = new InformerRun(_large, memory: _largeAccount);
        await using var small = new InformerRun(_small, memory: _smallAccount);
        (await _large.NextListAsync()).Answer(Events.Page(7, Sized("a", 40_000)));
        await (await _large.NextWatchAsync()).OpenedAsync();
        Assert.That((await large.StateAsync()).IsSynced);

        (await _small.NextListAsync()).Answer(Events.Page(7, Sized("b", 20_000)));

        Assert.That((await small.StateAsync()).IsSynced);
        var evicted = await large.StateAsync();
        await EmptiedAsync(large);
        Assert.That((evicted.HasSynced, evicted.Failure!.Reason, large.Stored, small.Stored), Is.EqualTo((false, "LimitExceeded", "", "b@7")));
        Assert.That(evicted.Failure.Message, Does.Match(
            "^list configmaps on the test cluster: the objects of all control planes, of which those of namespace large hold the most [(]80[0-9]{3} bytes[)], take "
            + "12[0-9]{4} bytes of memory, and the limit is 100000 [(]--control-plane-total-bytes[)]$"));
        Assert.That(_memory.Held, Is.EqualTo(small.Informer.Store.Bytes));
    }

    [Test]
    public async Task The_one_that_exceeds_the_limit_is_evicted_if_it_holds_most_and_lists_again_later()
    {
        await using var large = new InformerRun(_large, memory: _largeAccount);
        await using var small = new InformerRun(_small, memory: _smallAccount);
        (await _small.NextListAsync()).Answer(Events.Page(7, Sized("b", 20_000)));
        Assert.That((await small.StateAsync()).IsSynced);
        await (await _small.NextWatchAsync()).OpenedAsync();

        (await _large.NextListAsync()).Answer(Events.Page(7, Sized("a", 40_000)) with { Continue = "more" });

        Assert.That((await large.StateAsync()).Failure!.Reason, Is.EqualTo("LimitExceeded"));
        Assert.That((small.Stored, small.UnreadStates), Is.EqualTo(("b@7", 0)));
        var again = await _large.NextListAsync();
        Assert.That((again.List!.Continue, large.Time.Pauses[0]), Is.EqualTo((null as string, TimeSpan.FromSeconds(30))));
        again.Answer(Events.Page(7, Sized("a", 10_000)));
        Assert.That(((await large.StateAsync()).IsSynced, large.Stored), Is.EqualTo((true, "a@7")));
    }

    [Test]
    public async Task Many_small_ones_of_a_group_do_not_evict_a_larger_one_of_another()
    {
        var apis = Enumerable.Range(0, 3).Select(_ => new ManualApi()).ToList();
        await using var other = new InformerRun(_small, memory: _smallAccount);
        (await _small.NextListAsync()).Answer(Events.Page(7, Sized("b", 20_000)));
        Assert.That((await other.StateAsync()).IsSynced);
        List<InformerRun> runs = [];
        List<MemoryAccount> accounts = [];
        foreach (var api in apis)
        {
            accounts.Add(_memory.Open("namespace large"));
            runs.Add(new InformerRun(api, memory: accounts[^1]));
            (await api.NextListAsync()).Answer(Events.Page(7, Sized("a", 12_000)));
            await runs[^1].StateAsync();
        }

        Assert.That(
            runs.Select(run => run.Informer.State.HasSynced).Prepend(other.Informer.State.HasSynced), Is.EqualTo((bool[])[true, true, true, false]));
        foreach (var (run, account) in runs.Zip(accounts))
        {
            await run.DisposeAsync();
            account.Dispose();
        }
    }

    [Test]
    public async Task Events_of_a_watch_are_charged_and_what_is_deleted_is_not()
    {
        await using var large = new InformerRun(_large, memory: _largeAccount);
        (await _large.NextListAsync()).Answer(Events.Page(7, Sized("a", 20_000)));
        var watch = await _large.NextWatchAsync();
        watch.Send(Added(Sized("b", 20_000)), Events.Deleted("a", 9), Added(Sized("c", 20_000)));
        await large.ChangesAsync(4);
        Assert.That((large.Stored, large.Informer.State.HasSynced), Is.EqualTo(("b@7 c@7", true)));

        watch.Send(Added(Sized("d", 20_000)));

        await large.StateAsync();
        Assert.That((await large.StateAsync()).Failure!.Reason, Is.EqualTo("LimitExceeded"));
        await EmptiedAsync(large);
        Assert.That((large.Stored, _memory.Held), Is.EqualTo(("", 0L)));
    }

    [Test]
    public async Task What_a_server_returns_to_a_write_is_charged_before_it_is_watched()
    {
        await using var large = new InformerRun(_large, memory: _largeAccount);
        (await _large.NextListAsync()).Answer(Events.Page(7, Sized("a", 10_000)));
        await (await _large.NextWatchAsync()).OpenedAsync();
        Assert.That((await large.StateAsync()).IsSynced);

        large.Informer.Store.RecordWrite(Sized("b", 10_000, version: 8));
        Assert.That((_memory.Held, large.Stored), Is.EqualTo((large.Informer.Store.Bytes, "a@7 b@8")));
        large.Informer.Store.RecordWrite(Sized("c", 40_000, version: 9));

        Assert.That((await large.StateAsync()).Failure!.Reason, Is.EqualTo("LimitExceeded"));
        await EmptiedAsync(large);
        Assert.That(_memory.Held, Is.Zero);
    }

    [Test]
    public async Task All_informers_of_one_cluster_are_evicted_together()
    {
        var other = new ManualApi();
        await using var first = new InformerRun(_large, memory: _largeAccount);
        await using var second = new InformerRun(other, memory: _largeAccount);
        await using var small = new InformerRun(_small, memory: _smallAccount);
        (await _large.NextListAsync()).Answer(Events.Page(7, Sized("a", 15_000)));
        (await other.NextListAsync()).Answer(Events.Page(7, Sized("a", 15_000)));
        await first.StateAsync();
        await second.StateAsync();

        (await _small.NextListAsync()).Answer(Events.Page(7, Sized("b", 22_000)));

        Assert.That((await small.StateAsync()).IsSynced);
        Assert.That(((await first.StateAsync()).HasSynced, (await second.StateAsync()).HasSynced), Is.EqualTo((false, false)));
    }

    [Test]
    public async Task An_informer_that_ends_and_an_account_that_is_closed_release_what_they_held()
    {
        var large = new InformerRun(_large, memory: _largeAccount);
        await using var small = new InformerRun(_small, memory: _smallAccount);
        (await _large.NextListAsync()).Answer(Events.Page(7, Sized("a", 20_000)));
        (await _small.NextListAsync()).Answer(Events.Page(7, Sized("b", 20_000)));
        await large.StateAsync();
        await small.StateAsync();

        await large.DisposeAsync();
        Assert.That(_memory.Held, Is.EqualTo(small.Informer.Store.Bytes));
        _smallAccount.Dispose();
        Assert.That(_memory.Held, Is.Zero);
    }

    // The state is published before the store is emptied.
    private static Task EmptiedAsync(InformerRun run) => Eventually.Async(() => run.Stored.Length == 0, "the store is emptied");

    // Of about twice as many bytes.
    private static KubeObject Sized(string name, int bytes, int version = 7) => KubeObject.From(new JsonObject
    {
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "n", ["resourceVersion"] = $"{version}" },
        ["data"] = new string('x', 2 * bytes),
    });

    private static Core.Kubernetes.Client.WatchEvent Added(KubeObject item) => new(Core.Kubernetes.Client.WatchEventType.Added, item);
}

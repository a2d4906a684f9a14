using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Report;
using ServiceProviderOcm.Core.Watch;
using ServiceProviderOcm.Tests.Builders;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Controller;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RevisionHistoryTests : IDisposable
{
    private const string First = """{ "chartURL": "registry.example.com/first" }""";
    private const string Second = """{ "chartURL": "registry.example.com/second" }""";

    private readonly ScriptedCluster _platform = new("platform cluster");
    private readonly FakeTimeProvider _time = new();
    private readonly CancellationTokenSource _stop = new();
    private PlatformWatch? _watch;
    private FleetRollout? _rollout;

    [TestCase(First, 1)]
    [TestCase(Second, 0)]
    public async Task A_revision_is_stored_only_with_its_own_spec(string spec, int writes)
    {
        var history = Create(() => { });

        await history.StoreAsync(An.Config(First), An.ProviderConfig(spec), CancellationToken.None);

        Assert.That(_platform.Writes, Is.EqualTo(Enumerable.Repeat("apply ControllerRevision", writes)));
    }

    [Test]
    public async Task An_error_lasts_until_the_revision_is_stored()
    {
        var errors = 0;
        _platform.Has(An.Identity.Api.ProviderConfig, An.ProviderConfig(First));
        _platform.OnApply = (_, _, _, _) => throw new KubernetesApiException(403, "Forbidden", "you may not");
        var history = Create(() => Interlocked.Increment(ref errors));
        using var stop = new CancellationTokenSource();
        _ = _watch!.RunAsync();
        await Eventually.Async(() => _watch.ProviderConfigs.State.IsSynced && _watch.Revisions.AreKnown, "the informers have synced");
        history.Changes.Set();
        var running = history.RunAsync(stop.Token);
        await Eventually.Async(() => history.Error == "you may not" && errors == 1, "there is an error");

        _platform.OnApply = (_, _, body, _) => Task.FromResult(new KubeObject(body));
        await Eventually.Async(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                return history.Error.Length == 0;
            },
            "the revision is stored");

        await stop.CancelAsync();
        await running;
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
        _rollout?.Dispose();
    }

    private RevisionHistory Create(Action onError)
    {
        var informers = new InformerFactory(new InformerOptions(), _time, new Random(1), NullLogger.Instance);
        _watch = new PlatformWatch(_platform, An.Identity, informers, (_, _) => { }, _ => { }, () => { }, _stop.Token);
        _rollout = new FleetRollout(
            () => _watch.Config, () => [], _ => true, _ => new RolloutRecord(), (_, _) => true, (_, _, _) => false, _ => null, _ => { }, () => { }, _time);
        return new RevisionHistory(An.Identity, _platform, _watch, _rollout, onError, _time, NullLogger<RevisionHistory>.Instance);
    }
}

using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Report;
using ServiceProviderOcm.Core.Watch;
using ServiceProviderOcm.Tests.Builders;

namespace ServiceProviderOcm.Tests.Controller;

public sealed class RevisionHistoryTests
{
    private const string First = """{ "chartURL": "registry.example.com/first" }""";
    private const string Second = """{ "chartURL": "registry.example.com/second" }""";

    [TestCase(First, 1)]
    [TestCase(Second, 0)]
    public async Task A_revision_is_stored_only_with_its_own_spec(string spec, int writes)
    {
        var platform = new ScriptedCluster("platform cluster");
        var time = new FakeTimeProvider();
        var informers = new InformerFactory(new InformerOptions(), time, new Random(1), NullLogger.Instance);
        var watch = new PlatformWatch(platform, An.Identity, informers, (_, _) => { }, _ => { }, () => { }, CancellationToken.None);
        using var rollout = new FleetRollout(() => watch.Config, () => [], _ => true, _ => new RolloutRecord(), (_, _) => true, _ => null, _ => { }, () => { }, time);
        var history = new RevisionHistory(An.Identity, platform, watch, rollout, time, NullLogger<RevisionHistory>.Instance);

        await history.StoreAsync(An.Config(First), An.ProviderConfig(spec), CancellationToken.None);

        Assert.That(platform.Writes, Is.EqualTo(Enumerable.Repeat("apply ControllerRevision", writes)));
    }
}

using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Peers.Charts;
using ServiceProviderOcm.Tests.Peers.Processes;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Peers;

/// <inheritdoc/>
[NonParallelizable]
[Needs(Peer.SourceController, Peer.HelmController, Peer.Registry)]
public sealed class UpgradeOnFluxCases() : UpgradeCases(hasRealFlux: true)
{
    // The stand-in of Flux pulls any tag.
    [Test]
    public async Task A_failed_OCIRepository_holds_nothing_back()
    {
        await InstalledAsync();
        await World.ApplyOcmAsync(Ocm, "9.9.9");
        await World.SeesAsync(Ocm, "OCIRepositoryFailed");

        await ConfigureAsync(config => config["values"] = Replicas(5));

        await Eventually.Async(
            () => ReleaseAsync(Ocm),
            release => release.Json.Number("spec", "values", "manager", "replicas") == 5,
            "the new values are written",
            LongTimeout);
        await World.ApplyOcmAsync(Ocm, Newer);
        await ReadyAsync(World.Api, Ocm);
        var installed = await World.Mcp.Api.GetAsync(
            Kinds.ConfigMap, new ObjectKey(ObjectNames.ToolkitNamespace, ChartPackage.ConfigMap), default);
        Assert.That(
            (installed.Json.Text("data", "version"), installed.Json.Text("data", "replicas")), Is.EqualTo((Newer, "5")));
    }
}

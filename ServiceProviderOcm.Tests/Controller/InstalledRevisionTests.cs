using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Watch;
using ServiceProviderOcm.Tests.Builders;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Controller;

/// <summary>What informers say is installed for an OCM before its first reconciliation after a start.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class InstalledRevisionTests : IDisposable
{
    private readonly ScriptedCluster _platform = new("platform cluster");
    private readonly ScriptedCluster _onboarding = new("onboarding cluster");
    private readonly CancellationTokenSource _stop = new();

    [TestCase("Nothing", null)]
    [TestCase("OciRepository", "one")]
    [TestCase("HelmRelease", "one")]
    [TestCase("Unlabelled", "")]
    [TestCase("Unreadable", "")]
    [TestCase("Deleted", "two")]
    public async Task Nothing_is_installed_only_if_all_informers_say_so(string installed, string? revision)
    {
        var reported = new JsonObject { ["status"] = new JsonObject { ["revision"] = "two" } };
        _onboarding.Has(An.Identity.Api.Ocm, installed == "Deleted" ? An.Ocm().Patched(reported) : An.Ocm());
        switch (installed)
        {
            case "OciRepository":
                _platform.Has(PlatformKinds.OciRepository, Labelled(An.Observation().Complete().OciRepository!));
                break;
            case "HelmRelease":
                _platform.Has(PlatformKinds.HelmRelease, Labelled(An.Observation().Complete().HelmRelease!));
                break;
            case "Unlabelled":
                _platform.Has(PlatformKinds.HelmRelease, Labelled(An.Observation().Complete().HelmRelease!, null));
                break;
            case "Unreadable":
                _platform.HasUnreadable(
                    PlatformKinds.HelmRelease, new UnreadableObject(new ObjectKey(An.Tenant, ObjectNames.Flux), "u", "7", "it is too deep"));
                break;
            default:
                break;
        }

        var informers = new InformerFactory(new InformerOptions(), TimeProvider.System, new Random(1), NullLogger.Instance);
        var ocms = informers.Create(_onboarding, An.Identity.Api.Ocm, WatchScope.Everything, _ => { }, () => { });
        var watch = new PlatformWatch(_platform, An.Identity, informers, (_, _) => { }, _ => { }, () => { }, _stop.Token);
        Assert.That(InstalledRevision(), Is.Empty, "before the first lists");

        _ = ocms.RunAsync(_stop.Token);
        _ = watch.OciRepositories.RunAsync(_stop.Token);
        await Eventually.Async(() => ocms.State.IsSynced && watch.OciRepositories.State.IsSynced, "OCMs and OCIRepositories are known");
        Assert.That(InstalledRevision(), Is.EqualTo(installed == "OciRepository" ? revision : ""), "before HelmReleases are known");

        _ = watch.HelmReleases.RunAsync(_stop.Token);
        await Eventually.Async(() => watch.HelmReleases.State.IsSynced, "HelmReleases are known");
        Assert.That(InstalledRevision(), Is.EqualTo(revision));

        string? InstalledRevision() => FleetRevisions.InstalledRevision(watch, ocms, An.Ocm().Key, An.Identity.Api);
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private static KubeObject Labelled(KubeObject flux, string? revision = "one") => flux.Patched(new JsonObject
    {
        ["metadata"] = new JsonObject { ["labels"] = new JsonObject { [ObjectNames.RevisionLabel(An.Identity.Api)] = revision } },
    });
}

using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.States;
using ServiceProviderOcm.Core.Plan;
using ServiceProviderOcm.Tests.Builders;

namespace ServiceProviderOcm.Tests.Plan;

/// <summary>OCMs whose version is removed from the catalogue while it is installed.</summary>
public sealed class RetainedChartTests
{
    private const string Offer = """{ "versions": [{ "version": "0.5.0", "chartVersion": "0.5.0" }] }""";

    private const string Full =
        """
        {
          "driftDetection": { "mode": "enabled", "ignore": [{ "paths": ["/spec/replicas"] }] },
          "versions": [{
            "version": "0.4.0",
            "chartVersion": "0.4.0",
            "chartURL": "ghcr.io/example/chart",
            "chartDigest": "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
            "chartPullSecret": "registry",
            "helmValues": { "manager": { "replicas": 2, "imagePullSecrets": [{ "name": "registry" }] } }
          }]
        }
        """;

    /// <summary>Installed from <see cref="Full"/>, which is not configured any more; what only it names is not read any more.</summary>
    private static readonly Observation Retained = WithSecret().WithConfig(Full).WithCaBundle().Complete().WithConfig(Offer) with
    {
        SourceSecrets = new Dictionary<string, KubeObject>(),
    };

    private static readonly Dictionary<string, Func<Observation, Observation>> Drifts = new()
    {
        ["the HelmRelease is suspended"] = all => all with
        {
            HelmRelease = all.HelmRelease!.WithForeign("""{ "spec": { "suspend": true } }"""),
        },
        ["the HelmRelease has another interval"] = all => all with
        {
            HelmRelease = all.HelmRelease!.WithForeign("""{ "spec": { "interval": "9h", "targetNamespace": "theirs" } }"""),
        },
        ["the OCIRepository follows a range"] = all => all with
        {
            OciRepository = all.OciRepository!.WithForeign("""{ "spec": { "ref": { "semver": "*" } } }"""),
        },
        ["the OCIRepository has no pull secret"] = all => all with
        {
            OciRepository = all.OciRepository!.Patched("""{ "spec": { "secretRef": null } }"""),
        },
        ["the labels of the OCIRepository are removed"] = all => all with
        {
            OciRepository = all.OciRepository!.Patched("""{ "metadata": { "labels": null } }"""),
        },
        ["the AccessRequest is deleted"] = all => all with { AccessRequest = null },
        ["the copy of the CA bundle is deleted"] = all => all with
        {
            SecretCopies = [.. all.SecretCopies.Where(copy => copy.Name != ObjectNames.CaBundle)],
        },
    };

    private static IEnumerable<string> DriftNames => Drifts.Keys;

    [Test]
    public void What_is_installed_stays_exactly_as_it_is_and_the_versions_on_offer_are_listed()
    {
        var plan = Planner.Plan(Retained);

        plan.Reports(Reasons.VersionNotOffered, Phase.Progressing, Health.Degraded, "\"0.4.0\"", "Choose one of: 0.5.0.", "What is installed stays");
        Assert.That(plan.Status.Message, Does.Contain($"oci://ghcr.io/example/chart:0.4.0@{Installed.ChartDigest}"));
        Assert.That(plan.Steps(), Is.Empty);
        Assert.That(plan.ControlPlaneScope, Is.EqualTo(ControlPlaneScope.ManagedObjects));
    }

    // Of no known revision, and the rollout has not reached it yet. The newest configuration names a Secret that does not exist.
    [Test]
    public void An_OCM_that_waits_for_the_rollout_is_Ready_from_what_is_installed()
    {
        var held = Retained.WithConfig(Full.Replace("ghcr.io/example/chart", "ghcr.io/example/next", StringComparison.Ordinal)) with
        {
            Revision = new TenantRevision(RevisionMarks.None) { IsHeld = true },
        };

        var plan = Planner.Plan(held);

        Assert.That((plan.Status.State, plan.Steps().Length), Is.EqualTo((OcmState.Ready, 0)), plan.Status.Message);
        Assert.That(plan.Status.Message, Does.Contain($"oci://ghcr.io/example/chart:0.4.0@{Installed.ChartDigest}"));
        Assert.That(Planner.Plan(held with { ControlPlane = ObservedControlPlane.Unknown }).Status.State, Is.EqualTo(OcmState.Ready), "it is not watched");
    }

    [TestCaseSource(nameof(DriftNames))]
    public void Drift_is_corrected_although_the_version_is_not_on_offer(string drift)
    {
        var world = new PlanWorld(Drifts[drift](Retained));

        Assert.That(world.Settles(10), Is.True);
        Assert.That(world.History, Is.Not.Empty);
        Assert.That(Planner.Plan(world.Now).Status.State, Is.EqualTo(OcmState.VersionNotOffered));
        Assert.That(Spec(world.Now.OciRepository!), Is.EquivalentTo(Spec(Retained.OciRepository!)));
        Assert.That(Spec(world.Now.HelmRelease!), Is.EquivalentTo(Spec(Retained.HelmRelease!)));
        Assert.That(world.Now.SecretCopies.Select(copy => copy.Name), Is.EquivalentTo(Retained.SecretCopies.Select(copy => copy.Name)));
        Assert.That(world.Now.OciRepository!.Labels, Is.EqualTo(Retained.OciRepository!.Labels));
    }

    [Test]
    public void A_pull_secret_that_is_still_known_is_rotated()
    {
        var rotated = An.Source().Patched("""{ "data": { ".dockerconfigjson": "bmV3" } }""");
        var plan = Planner.Plan(Retained with { SourceSecrets = new Dictionary<string, KubeObject> { [An.PullSecret] = rotated } });

        Assert.That(
            plan.Steps(),
            Is.EqualTo([
                $"Platform: apply Secret {An.Tenant}/sp-ocm-registry",
                "ControlPlane: apply Secret ocm-k8s-toolkit-system/registry",
            ]));
    }

    [Test]
    public void A_pull_secret_of_the_legacy_type_stays()
    {
        var source = An.Source(type: Manifests.LegacyPullSecretType).Patched("""{ "data": { ".dockercfg": "e30=", ".dockerconfigjson": null } }""");
        var installed = An.Observation() with { SourceSecrets = new Dictionary<string, KubeObject> { [An.PullSecret] = source } };
        var retained = installed.WithConfig(Full).Complete().WithConfig(Offer) with { SourceSecrets = new Dictionary<string, KubeObject>() };

        var plan = Planner.Plan(retained);

        Assert.That((plan.Status.State, plan.Steps.Count), Is.EqualTo((OcmState.VersionNotOffered, 0)));
    }

    [Test]
    public void A_source_of_another_type_is_not_copied()
    {
        var plan = Planner.Plan(Retained with
        {
            SourceSecrets = new Dictionary<string, KubeObject> { [An.PullSecret] = An.Source(type: "kubernetes.io/basic-auth") },
        });

        Assert.That((plan.Status.State, plan.Steps.Count), Is.EqualTo((OcmState.VersionNotOffered, 0)));
    }

    [Test]
    public void Without_the_Flux_objects_nothing_is_written()
    {
        foreach (var incomplete in (Observation[])
            [
                Retained with { OciRepository = null },
                Retained with { HelmRelease = null },
                Retained with { HelmRelease = Retained.HelmRelease!.BeingDeleted() },
                Retained with { OciRepository = null, HelmRelease = null, AccessRequest = null, SecretCopies = [] },
            ])
        {
            var plan = Planner.Plan(incomplete);

            Assert.That((plan.Status.State, plan.Steps.Count), Is.EqualTo((OcmState.VersionNotOffered, 0)));
            Assert.That(plan.Status.Message, Does.EndWith("Choose one of: 0.5.0."));
        }
    }

    [Test]
    public void A_failure_of_Flux_is_part_of_the_message()
    {
        var plan = Planner.Plan(Retained with { HelmRelease = Retained.HelmRelease!.FluxReports("False", "timed out") });

        plan.Reports(Reasons.VersionNotOffered, Phase.Progressing, Health.Degraded, "Choose one of", "Flux failed to upgrade the chart", "timed out");
    }

    [Test]
    public void Adding_the_version_back_resolves_it()
    {
        var plan = Planner.Plan(Retained.WithConfig(Full) with { SourceSecrets = WithSecret().SourceSecrets });

        Assert.That((plan.Status.State, plan.Steps.Count), Is.EqualTo((OcmState.Ready, 0)));
    }

    [Test]
    public void Another_version_that_is_on_offer_is_an_upgrade()
    {
        var plan = Planner.Plan(Retained.WithOcm("""{ "spec": { "version": "0.5.0" } }"""));

        Assert.That(plan.Apply("OCIRepository").Manifest.Text("spec", "ref", "tag"), Is.EqualTo("0.5.0"));
    }

    private static Observation WithSecret() => An.Observation() with
    {
        SourceSecrets = new Dictionary<string, KubeObject> { [An.PullSecret] = An.Source() },
    };

    private static IEnumerable<string> Spec(KubeObject manifest) => JsonObject.Create(manifest.At("spec")!.Value)!
        .Where(field => field.Key != "timeout")
        .Select(field => $"{field.Key}: {field.Value?.ToJsonString()}");
}

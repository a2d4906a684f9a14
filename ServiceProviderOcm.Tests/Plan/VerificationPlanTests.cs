using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.States;
using ServiceProviderOcm.Core.Plan;
using ServiceProviderOcm.Tests.Builders;

namespace ServiceProviderOcm.Tests.Plan;

/// <summary>How charts are verified, and what a failed verification prevents.</summary>
public sealed class VerificationPlanTests
{
    private const string Spec = """{ "verify": { "provider": "cosign", "secretRef": { "name": "keys" } }, "values": { "a": 1 } }""";

    private static readonly KubeObject Keys = KubeObject.Parse(
        """
        {
          "kind": "Secret",
          "metadata": { "name": "keys", "namespace": "openmcp-system" },
          "type": "Opaque",
          "data": { "cosign.pub": "YQ==", "other.pub": "Yg==", "cosign.key": "cHJpdmF0ZQ==", "cosign.password": "cHJpdmF0ZQ==" }
        }
        """);

    private static readonly Observation Start = An.Observation().WithConfig(Spec) with
    {
        SourceSecrets = new Dictionary<string, KubeObject> { ["keys"] = Keys },
    };

    // Upgraded to 0.5.0 with other values; Flux has not verified the new chart.
    private static readonly Observation Unverified = UpgradeOf(Start.Complete());

    [Test]
    public void Only_what_Flux_reads_of_the_Secret_is_copied_before_the_OCIRepository_refers_to_it()
    {
        var plan = Planner.Plan(Start.Granted());

        Assert.That(plan.Steps().Take(2), Is.EqualTo([
            $"Platform: apply Secret {An.Tenant}/sp-ocm-keys", $"Platform: apply OCIRepository {An.Tenant}/sp-ocm-k8s-toolkit",
        ]));
        var copy = plan.Apply("Secret").Manifest;
        PlanReading.IsJson(copy.At("data")!.Value, """{ "cosign.pub": "YQ==", "other.pub": "Yg==" }""");
        Assert.That(copy.Labels, Does.ContainKey(ObjectNames.ManagedByLabel).And.ContainKey(ObjectNames.AppManagedByLabel));
        PlanReading.IsJson(
            plan.Apply("OCIRepository").Manifest.At("spec", "verify")!.Value,
            """{ "provider": "cosign", "secretRef": { "name": "sp-ocm-keys" } }""");
    }

    [Test]
    public void A_renewed_Secret_is_copied_again()
    {
        var plan = Planner.Plan(Start.Complete() with
        {
            SourceSecrets = new Dictionary<string, KubeObject> { ["keys"] = Keys.Patched("""{ "data": { "cosign.pub": "bmV3" } }""") },
        });

        Assert.That(plan.Steps(), Is.EqualTo([$"Platform: apply Secret {An.Tenant}/sp-ocm-keys"]));
    }

    [Test]
    public void A_change_of_a_key_that_Flux_does_not_read_is_not_copied() => Assert.That(
        Planner.Plan(Start.Complete() with
        {
            SourceSecrets = new Dictionary<string, KubeObject> { ["keys"] = Keys.Patched("""{ "data": { "cosign.key": "bmV3" } }""") },
        }).Steps,
        Is.Empty);

    [Test]
    public void Without_the_setting_the_copy_is_pruned_and_the_field_is_removed()
    {
        var world = new PlanWorld(Start.Complete().WithConfig("""{ "values": { "a": 1 } }"""));

        Assert.That(world.Settles(10), Is.True);
        Assert.That(world.Now.OciRepository!.At("spec", "verify"), Is.Null);
        Assert.That(world.Now.SecretCopies, Is.Empty);
    }

    [Test]
    public void A_failed_verification_never_leads_to_an_upgrade()
    {
        var plan = Planner.Plan(Unverified);

        plan.Reports(
            Reasons.VerificationFailed, Phase.Progressing, Health.Degraded, "no matching signatures", "is not installed", "spec.verify");
        Assert.That(Planner.Plan(Start.Complete().WithOcm(NewVersion).WithConfig(NewSpec)).Steps(), Has.None.Contains("HelmRelease"));
        Assert.That(plan.Steps, Is.Empty);
        Assert.That(plan.HoldsRelease, Is.True);
    }

    [Test]
    public void The_upgrade_goes_on_once_the_chart_is_verified()
    {
        var verified = Unverified with { OciRepository = Unverified.OciRepository!.FluxReady() };

        Assert.That(Planner.Plan(verified).Apply("HelmRelease").Manifest.At("spec", "values")!.Value.GetRawText(), Does.Contain("2"));
    }

    [Test]
    public void Values_of_a_chart_that_was_verified_once_may_change()
    {
        var complete = Start.Complete();
        var observation = (complete with { OciRepository = complete.OciRepository!.Unverified("no matching signatures") }).WithConfig(NewSpec);

        var plan = Planner.Plan(observation);

        Assert.That(plan.Status.State, Is.EqualTo(OcmState.VerificationFailed));
        Assert.That(plan.Steps(), Is.EqualTo([$"Platform: apply HelmRelease {An.Tenant}/sp-ocm-k8s-toolkit"]));
    }

    [Test]
    public void What_a_removed_version_has_installed_stays_verified()
    {
        var retained = Start.Complete().WithConfig("""{ "versions": [{ "version": "1", "chartVersion": "1.0.0" }] }""") with
        {
            SourceSecrets = new Dictionary<string, KubeObject>(),
        };

        var plan = Planner.Plan(retained);

        Assert.That((plan.Status.State, plan.Steps.Count), Is.EqualTo((OcmState.VersionNotOffered, 0)));
    }

    private const string NewSpec = """{ "verify": { "provider": "cosign", "secretRef": { "name": "keys" } }, "values": { "a": 2 } }""";
    private const string NewVersion = """{ "spec": { "version": "0.5.0" } }""";

    private static Observation UpgradeOf(Observation complete)
    {
        var upgrade = complete.WithOcm(NewVersion).WithConfig(NewSpec);
        var source = Manifests.OciRepository(upgrade.Identity, upgrade.Ocm!.Key, An.Tenant, upgrade.Inputs(), upgrade.CaBundle).Served();
        return upgrade with
        {
            OciRepository = source
                .Patched("""{ "metadata": { "generation": 2 } }""")
                .Patched($$"""
                    { "status": { "observedGeneration": 1, "artifact": { "revision": "0.4.0@{{Installed.ChartDigest}}" } } }
                    """)
                .Unverified("no matching signatures"),
        };
    }
}

using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Core.Model.States;
using ServiceProviderOcm.Core.Plan;
using ServiceProviderOcm.Tests.Builders;

namespace ServiceProviderOcm.Tests.Plan;

/// <summary>What is planned for an OCM that is to be installed.</summary>
public sealed class InstallPlannerTests
{
    private static readonly string AccessName = ObjectNames.AccessRequest(An.Identity.Api, "alpha");
    private static readonly string ApplyAccess = $"Platform: apply AccessRequest {An.Tenant}/{AccessName}";
    private static readonly string ApplySource = $"Platform: apply OCIRepository {An.Tenant}/sp-ocm-k8s-toolkit";
    private static readonly string ApplyRelease = $"Platform: apply HelmRelease {An.Tenant}/sp-ocm-k8s-toolkit";
    private const string PatchOcm = "Onboarding: patch OCM project-team/alpha";

    [Test]
    public void Without_an_OCM_nothing_is_planned() =>
        Planner.Plan(An.Observation() with { Ocm = null }).DoesNothing(OcmState.Gone);

    [Test]
    public void A_missing_ProviderConfig_is_reported_and_nothing_is_written()
    {
        var plan = Planner.Plan(An.Observation() with { Config = InstallConfig.Missing(An.Identity) });

        Assert.That(plan.Steps, Is.Empty);
        plan.Reports(
            Reasons.ProviderConfigMissing, Phase.Progressing, Health.Degraded, "\"ocm\"", "platform cluster", "ocm.services.openmcp.cloud/v1alpha1");
    }

    [Test]
    public void A_missing_tenant_namespace_is_reported_and_nothing_is_written()
    {
        var plan = Planner.Plan(An.Observation() with { TenantNamespace = null });

        Assert.That(plan.Steps, Is.Empty);
        plan.Reports(Reasons.TenantNamespaceMissing, Phase.Progressing, Health.Degraded, An.Tenant, "\"alpha\"", "project-team");
    }

    [Test]
    public void Nothing_is_written_into_a_tenant_namespace_that_is_being_deleted()
    {
        var observation = An.Observation();

        var plan = Planner.Plan(observation with { TenantNamespace = observation.TenantNamespace!.BeingDeleted() });

        Assert.That(plan.Steps, Is.Empty);
        plan.Reports(Reasons.TenantNamespaceMissing, Phase.Progressing, Health.Degraded, An.Tenant, "being deleted");
    }

    [Test]
    public void A_missing_ClusterRequest_is_reported_and_nothing_is_written()
    {
        var plan = Planner.Plan(An.Observation() with { ClusterRequest = null });

        Assert.That(plan.Steps, Is.Empty);
        plan.Reports(Reasons.ClusterRequestMissing, Phase.Progressing, Health.Degraded, $"{An.Tenant}/alpha", "the name of its control plane");
    }

    [Test]
    public void A_missing_pull_secret_is_reported_and_nothing_is_written()
    {
        var plan = Planner.Plan(An.Observation().WithPullSecret() with { SourceSecrets = new Dictionary<string, KubeObject>() });

        Assert.That(plan.Steps, Is.Empty);
        plan.Reports(Reasons.ImagePullSecretMissing, Phase.Progressing, Health.Degraded, "openmcp-system/registry", "\"ocm\"");
    }

    [Test]
    public void A_pull_secret_of_the_older_type_is_copied_with_its_type_and_key()
    {
        var plan = Planner.Plan(An.Observation().WithPullSecret().Granted() with
        {
            SourceSecrets = new Dictionary<string, KubeObject>
            {
                [An.PullSecret] = An.Source(type: Manifests.LegacyPullSecretType).Patched("""{ "data": { ".dockercfg": "YQ==" } }"""),
            },
        });

        var copy = plan.Apply("Secret").Manifest;
        Assert.That((copy.Text("type"), copy.Text("data", ".dockercfg")), Is.EqualTo((Manifests.LegacyPullSecretType, "YQ==")));
    }

    [Test]
    public void A_pull_secret_of_another_type_is_reported()
    {
        var plan = Planner.Plan(An.Observation().WithPullSecret() with
        {
            SourceSecrets = new Dictionary<string, KubeObject> { [An.PullSecret] = An.Source(type: "kubernetes.io/basic-auth") },
        });

        Assert.That(plan.Steps, Is.Empty);
        plan.Reports(
            Reasons.ImagePullSecretWrongType,
            Phase.Progressing,
            Health.Degraded,
            "openmcp-system/registry",
            "kubernetes.io/basic-auth",
            "kubernetes.io/dockerconfigjson");
    }

    [Test]
    public void The_finalizer_is_added_before_any_object_is_created()
    {
        var plan = Planner.Plan(An.Observation());

        Assert.That(plan.Steps(), Is.EqualTo([PatchOcm, ApplyAccess]));
        PlanReading.IsJson(
            plan.Patch("OCM").Patch, $$"""{ "metadata": { "resourceVersion": "7", "finalizers": ["{{An.Finalizer}}"] } }""");
        plan.Reports(Reasons.AccessRequestPending, Phase.Progressing, Health.Pending, AccessName);
        Assert.That(plan.ControlPlaneScope, Is.EqualTo(ControlPlaneScope.Unchanged));
    }

    [Test]
    public void Finalizers_of_others_stay()
    {
        var plan = Planner.Plan(An.Observation().WithOcm("""{ "metadata": { "finalizers": ["example.com/theirs"] } }"""));

        PlanReading.IsJson(
            plan.Patch("OCM").Patch,
            $$"""{ "metadata": { "resourceVersion": "7", "finalizers": ["example.com/theirs", "{{An.Finalizer}}"] } }""");
    }

    [Test]
    public void Once_access_is_granted_OCIRepository_and_HelmRelease_are_created()
    {
        var plan = Planner.Plan(An.Observation().Granted());

        Assert.That(plan.Steps(), Is.EqualTo([ApplySource, ApplyRelease]));
        plan.Reports(Reasons.OciRepositoryNotReady, Phase.Progressing, Health.Pending, "pull the chart");
    }

    [Test]
    public void The_HelmRelease_uses_the_granted_kubeconfig() => Assert.That(
        Planner.Plan(An.Observation().Granted()).Apply("HelmRelease").Manifest.Json.Text("spec", "kubeConfig", "secretRef", "name"),
        Is.EqualTo(Installed.KubeconfigSecret));

    [Test]
    public void Without_drift_the_OCM_is_Ready_and_nothing_is_written()
    {
        var plan = Planner.Plan(An.Observation().WithPullSecret().Complete());

        Assert.That(plan.Steps, Is.Empty);
        plan.Reports(
            Reasons.ReconcileSuccess,
            Phase.Ready,
            Health.Ready,
            "oci://ghcr.io/open-component-model/kubernetes/controller/chart:0.4.0");
    }

    [Test]
    public void A_new_version_changes_the_OCIRepository_only()
    {
        var plan = Planner.Plan(An.Observation().Complete().WithOcm("""{ "spec": { "version": "0.5.0" } }"""));

        Assert.That(plan.Steps(), Is.EqualTo([ApplySource]));
        Assert.That(plan.Apply("OCIRepository").Manifest.Json.Text("spec", "ref", "tag"), Is.EqualTo("0.5.0"));
    }

    [Test]
    public void Fields_that_others_added_to_managed_objects_are_removed()
    {
        var observation = An.Observation().WithPullSecret().Complete();

        var plan = Planner.Plan(observation with
        {
            SecretCopies = [observation.SecretCopies[0].WithForeign("""{ "data": { "extra": "eA==" } }""")],
            OciRepository = observation.OciRepository!.WithForeign("""{ "spec": { "ignore": "*" } }"""),
            HelmRelease = observation.HelmRelease!.WithForeign("""{ "spec": { "suspend": true } }"""),
        });

        Assert.That(plan.Steps(), Is.EqualTo([
            $"Platform: patch Secret {An.Tenant}/sp-ocm-registry",
            $"Platform: patch OCIRepository {An.Tenant}/sp-ocm-k8s-toolkit",
            $"Platform: patch HelmRelease {An.Tenant}/sp-ocm-k8s-toolkit",
        ]));
        PlanReading.IsJson(plan.Patch("Secret").Patch, """{ "data": { "extra": null } }""");
        PlanReading.IsJson(plan.Patch("OCIRepository").Patch, """{ "spec": { "ignore": null } }""");
        PlanReading.IsJson(plan.Patch("HelmRelease").Patch, """{ "spec": { "suspend": null } }""");
    }

    [Test]
    public void Learned_defaults_of_the_server_are_kept()
    {
        var observation = An.Observation().Complete();

        var plan = Planner.Plan(observation with
        {
            OciRepository = observation.OciRepository!.WithForeign("""{ "spec": { "timeout": "60s" } }"""),
            ServerDefaults = new HashSet<string> { "OCIRepository.spec.timeout=\"60s\"" },
        });

        Assert.That(plan.Steps, Is.Empty);
    }
}

using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Core.Model.States;
using ServiceProviderOcm.Core.Plan;
using ServiceProviderOcm.Tests.Builders;

namespace ServiceProviderOcm.Tests.Plan;

public sealed class InstallPlannerTests
{
    private static readonly string AccessName = ObjectNames.AccessRequest(An.Identity.Api, "alpha");
    private static readonly string ApplyAccess = $"Platform: apply AccessRequest {An.Tenant}/{AccessName}";
    private static readonly string ApplySource = $"Platform: apply OCIRepository {An.Tenant}/sp-ocm-k8s-toolkit";
    private static readonly string PatchSource = $"Platform: patch OCIRepository {An.Tenant}/sp-ocm-k8s-toolkit";
    private static readonly string ApplyRelease = $"Platform: apply HelmRelease {An.Tenant}/sp-ocm-k8s-toolkit";
    private static readonly string ApplyCopy = $"Platform: apply Secret {An.Tenant}/sp-ocm-registry";
    private const string PatchOcm = "Onboarding: patch OCM project-team/alpha";

    [Test]
    public void Without_an_OCM_there_is_nothing_to_do() =>
        Planner.Plan(An.Observation() with { Ocm = null }).DoesNothing(OcmState.Gone);

    [Test]
    public void A_missing_ProviderConfig_is_named_and_nothing_is_written()
    {
        var plan = Planner.Plan(An.Observation() with { Config = InstallConfig.Missing(An.Identity) });

        Assert.That(plan.Steps, Is.Empty);
        plan.Says(
            Reasons.ProviderConfigMissing, Phase.Progressing, Health.Degraded, "\"ocm\"", "platform cluster", "ocm.services.openmcp.cloud/v1alpha1");
    }

    [Test]
    public void A_missing_tenant_namespace_is_named_and_nothing_is_written()
    {
        var plan = Planner.Plan(An.Observation() with { TenantNamespace = null });

        Assert.That(plan.Steps, Is.Empty);
        plan.Says(Reasons.TenantNamespaceMissing, Phase.Progressing, Health.Degraded, An.Tenant, "\"alpha\"", "project-team");
    }

    [Test]
    public void Nothing_is_written_into_a_tenant_namespace_that_is_being_deleted()
    {
        var observation = An.Observation();

        var plan = Planner.Plan(observation with { TenantNamespace = observation.TenantNamespace!.BeingDeleted() });

        Assert.That(plan.Steps, Is.Empty);
        plan.Says(Reasons.TenantNamespaceMissing, Phase.Progressing, Health.Degraded, An.Tenant, "being deleted");
    }

    [Test]
    public void A_missing_ClusterRequest_is_named_and_nothing_is_written()
    {
        var plan = Planner.Plan(An.Observation() with { ClusterRequest = null });

        Assert.That(plan.Steps, Is.Empty);
        plan.Says(Reasons.ClusterRequestMissing, Phase.Progressing, Health.Degraded, $"{An.Tenant}/alpha", "the name of its control plane");
    }

    [Test]
    public void A_missing_pull_secret_is_named_and_nothing_is_written()
    {
        var plan = Planner.Plan(An.Observation().WithPullSecret() with { SourceSecrets = new Dictionary<string, KubeObject>() });

        Assert.That(plan.Steps, Is.Empty);
        plan.Says(Reasons.ImagePullSecretMissing, Phase.Progressing, Health.Degraded, "openmcp-system/registry", "\"ocm\"");
    }

    [Test]
    public void A_pull_secret_of_another_type_is_refused()
    {
        var plan = Planner.Plan(An.Observation().WithPullSecret() with
        {
            SourceSecrets = new Dictionary<string, KubeObject> { [An.PullSecret] = An.Source(type: "Opaque") },
        });

        Assert.That(plan.Steps, Is.Empty);
        plan.Says(
            Reasons.ImagePullSecretWrongType,
            Phase.Progressing,
            Health.Degraded,
            "openmcp-system/registry",
            "Opaque",
            "kubernetes.io/dockerconfigjson");
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Only_an_AccessRequest_that_has_been_seen_to_be_ours_is_taken_from_others(bool hasBeenSeen)
    {
        var observation = An.Observation().Complete();

        var plan = Planner.Plan(observation with
        {
            AccessRequest = hasBeenSeen
                ? observation.AccessRequest!.Patched("""{ "spec": { "token": { "roleRefs": [] } } }""")
                : null,
        });

        Assert.That(plan.Apply("AccessRequest").IsForced, Is.EqualTo(hasBeenSeen));
    }

    [Test]
    public void An_OCM_gets_the_finalizer_before_anything_is_made_for_it()
    {
        var plan = Planner.Plan(An.Observation());

        Assert.That(plan.Steps(), Is.EqualTo([PatchOcm, ApplyAccess]));
        PlanReading.IsJson(
            plan.Patch("OCM").Patch, $$"""{ "metadata": { "resourceVersion": "7", "finalizers": ["{{An.Finalizer}}"] } }""");
        plan.Says(Reasons.AccessRequestPending, Phase.Progressing, Health.Pending, AccessName);
        Assert.That(plan.ControlPlaneScope, Is.EqualTo(ControlPlaneScope.Unchanged));
    }

    [Test]
    public void The_finalizers_of_others_stay()
    {
        var plan = Planner.Plan(An.Observation().WithOcm("""{ "metadata": { "finalizers": ["example.com/theirs"] } }"""));

        PlanReading.IsJson(
            plan.Patch("OCM").Patch,
            $$"""{ "metadata": { "resourceVersion": "7", "finalizers": ["example.com/theirs", "{{An.Finalizer}}"] } }""");
    }

    [Test]
    public void While_access_has_not_been_granted_nothing_else_is_made()
    {
        var plan = Planner.Plan(An.Observation().Requested());

        Assert.That(plan.Steps, Is.Empty);
        plan.Says(Reasons.AccessRequestPending, Phase.Progressing, Health.Pending, AccessName);
    }

    [TestCase(59, 59, Reasons.AccessRequestPending)]
    [TestCase(61, 59, Reasons.AccessRequestPending, TestName = "{m}(not ready for a while, asked just now)")]
    [TestCase(59, 61, Reasons.AccessRequestPending, TestName = "{m}(asked long ago, ready until just now)")]
    [TestCase(61, 61, Reasons.AccessRequestOverdue)]
    public void A_request_that_is_pending_for_long_calls_for_somebody(int secondsUnready, int secondsAsked, string reason)
    {
        var observation = An.Observation().Requested().WithOcm(
            $$"""{ "status": { "conditions": [{ "type": "Ready", "status": "False", "lastTransitionTime": "{{An.Now.AddSeconds(-secondsUnready):o}}" }] } }""");

        var plan = Planner.Plan(observation with
        {
            AccessRequest = observation.AccessRequest!.Patched(
                $$"""{ "metadata": { "creationTimestamp": "{{An.Now.AddSeconds(-secondsAsked):o}}" } }"""),
        });

        Assert.That(plan.Status.Reason, Is.EqualTo(reason));
    }

    [Test]
    public void What_the_platform_says_of_a_pending_request_is_passed_on()
    {
        var observation = An.Observation().Requested();

        var plan = Planner.Plan(observation with
        {
            AccessRequest = observation.AccessRequest!.Patched(
                """{ "status": { "conditions": [{ "type": "A", "status": "False", "message": "no cluster yet" }, { "status": "True", "message": "fine" }] } }"""),
        });

        plan.Says(Reasons.AccessRequestPending, Phase.Progressing, Health.Pending, ": no cluster yet");
        Assert.That(plan.Status.Message, Does.Not.Contain("fine"));
    }

    [TestCase("""{ "phase": "Granted", "observedGeneration": 0, "secretRef": { "name": "s" } }""", TestName = "{m}(of an earlier generation)")]
    [TestCase("""{ "phase": "Granted", "secretRef": { "name": "s" } }""", TestName = "{m}(of an unknown generation)")]
    [TestCase("""{ "phase": "Granted", "observedGeneration": 1 }""", TestName = "{m}(without a Secret)")]
    [TestCase("""{ "phase": "Granted", "observedGeneration": 1, "secretRef": { "name": "" } }""", TestName = "{m}(with a nameless Secret)")]
    [TestCase("""{ "phase": "Pending", "observedGeneration": 1, "secretRef": { "name": "s" } }""", TestName = "{m}(still pending)")]
    [TestCase("""{ "phase": "Denied", "observedGeneration": 0 }""", TestName = "{m}(denied for an earlier generation)")]
    public void An_answer_that_is_not_a_current_grant_is_waited_for(string status)
    {
        var observation = An.Observation().Requested();

        var plan = Planner.Plan(observation with { AccessRequest = observation.AccessRequest!.Patched($$"""{ "status": {{status}} }""") });

        Assert.That(plan.Steps, Is.Empty);
        plan.Says(Reasons.AccessRequestPending, Phase.Progressing, Health.Pending, AccessName);
    }

    [Test]
    public void A_denied_request_calls_for_the_platform_operator()
    {
        var observation = An.Observation().Requested();

        var plan = Planner.Plan(observation with
        {
            AccessRequest = observation.AccessRequest!.Patched(
                """{ "status": { "phase": "Denied", "observedGeneration": 1, "conditions": [{ "status": "False", "message": "not allowed" }] } }"""),
        });

        Assert.That(plan.Steps, Is.Empty);
        plan.Says(
            Reasons.AccessRequestDenied, Phase.Progressing, Health.Degraded, AccessName, "platform operator", ": not allowed");
    }

    [TestCase("""{ "metadata": { "labels": { "openmcp.cloud/managed-by": "somebody-else" } } }""")]
    [TestCase("""{ "metadata": { "labels": { "openmcp.cloud/managed-purpose": "project-team.beta.mcp" } } }""")]
    [TestCase("""{ "metadata": { "labels": null } }""")]
    public void An_AccessRequest_that_is_not_ours_is_reported_and_nothing_is_written(string patch)
    {
        var observation = An.Observation().Granted();

        var plan = Planner.Plan(observation with { AccessRequest = observation.AccessRequest!.Patched(patch) });

        Assert.That(plan.Steps, Is.Empty);
        plan.Says(Reasons.AccessRequestNotOurs, Phase.Progressing, Health.Degraded, AccessName, "another component");
    }

    [Test]
    public void An_AccessRequest_that_is_being_deleted_is_let_go_of_once_only_we_hold_it()
    {
        var observation = An.Observation().Granted();

        var plan = Planner.Plan(observation with { AccessRequest = observation.AccessRequest!.BeingDeleted() });

        Assert.That(plan.Steps(), Is.EqualTo([$"Platform: patch AccessRequest {An.Tenant}/{AccessName}"]));
        PlanReading.IsJson(plan.Patch("AccessRequest").Patch, """{ "metadata": { "resourceVersion": "10", "finalizers": [] } }""");
        plan.Says(Reasons.AccessRequestPending, Phase.Progressing, Health.Pending, "to be deleted");
    }

    [Test]
    public void An_AccessRequest_that_is_being_deleted_is_left_alone_while_others_hold_it()
    {
        var observation = An.Observation().Granted();
        var held = observation.AccessRequest!.BeingDeleted()
            .Patched("""{ "metadata": { "finalizers": ["clusters.openmcp.cloud/clusteraccess", "clusters.openmcp.cloud/finalizer"] } }""");

        Assert.That(Planner.Plan(observation with { AccessRequest = held }).Steps, Is.Empty);
    }

    [Test]
    public void An_AccessRequest_that_somebody_has_changed_is_applied_again()
    {
        var observation = An.Observation().Complete();

        var plan = Planner.Plan(observation with
        {
            AccessRequest = observation.AccessRequest!.Patched("""{ "spec": { "token": { "roleRefs": [] } } }"""),
        });

        Assert.That(plan.Steps(), Is.EqualTo([ApplyAccess]));
    }

    [Test]
    public void What_the_platform_adds_to_an_AccessRequest_stays()
    {
        var observation = An.Observation().Complete();

        var plan = Planner.Plan(observation with
        {
            AccessRequest = observation.AccessRequest!.WithForeign("""{ "spec": { "clusterRef": { "name": "c", "namespace": "n" } } }"""),
        });

        Assert.That(plan.Steps, Is.Empty);
    }

    [Test]
    public void Once_access_is_granted_source_and_release_are_made()
    {
        var plan = Planner.Plan(An.Observation().Granted());

        Assert.That(plan.Steps(), Is.EqualTo([ApplySource, ApplyRelease]));
        plan.Says(Reasons.OciRepositoryNotReady, Phase.Progressing, Health.Pending, "pull the chart");
    }

    [Test]
    public void The_release_uses_the_kubeconfig_that_was_granted() => Assert.That(
        Planner.Plan(An.Observation().Granted()).Apply("HelmRelease").Manifest.Json.Text("spec", "kubeConfig", "secretRef", "name"),
        Is.EqualTo(Installed.KubeconfigSecret));

    [Test]
    public void A_pull_secret_is_copied_before_the_source_refers_to_it()
    {
        var plan = Planner.Plan(An.Observation().WithPullSecret().Granted());

        Assert.That(plan.Steps(), Is.EqualTo([ApplyCopy, ApplySource, ApplyRelease]));
        Assert.That(plan.Apply("OCIRepository").Manifest.Json.Text("spec", "secretRef", "name"), Is.EqualTo("sp-ocm-registry"));
    }

    [Test]
    public void When_all_is_as_it_should_be_the_OCM_is_ready_and_nothing_is_written()
    {
        var plan = Planner.Plan(An.Observation().WithPullSecret().Complete());

        Assert.That(plan.Steps, Is.Empty);
        plan.Says(
            Reasons.ReconcileSuccess,
            Phase.Ready,
            Health.Ready,
            "oci://ghcr.io/open-component-model/kubernetes/controller/chart:0.4.0");
    }

    [Test]
    public void A_new_version_changes_the_source_only()
    {
        var plan = Planner.Plan(An.Observation().Complete().WithOcm("""{ "spec": { "version": "0.5.0" } }"""));

        Assert.That(plan.Steps(), Is.EqualTo([ApplySource]));
        Assert.That(plan.Apply("OCIRepository").Manifest.Json.Text("spec", "ref", "tag"), Is.EqualTo("0.5.0"));
    }

    [Test]
    public void A_renewed_pull_secret_is_copied_again()
    {
        var observation = An.Observation().WithPullSecret().Complete();

        var plan = Planner.Plan(observation with
        {
            SourceSecrets = new Dictionary<string, KubeObject>
            {
                [An.PullSecret] = An.Source().Patched("""{ "data": { ".dockerconfigjson": "bmV3" } }"""),
            },
        });

        Assert.That(plan.Steps(), Is.EqualTo([ApplyCopy]));
    }

    [Test]
    public void A_copy_of_another_type_is_made_anew_because_a_type_cannot_change()
    {
        var observation = An.Observation().WithPullSecret().Complete();

        var plan = Planner.Plan(observation with { SecretCopies = [observation.SecretCopies[0].Patched("""{ "type": "Opaque" }""")] });

        Assert.That(plan.Steps(), Is.EqualTo([$"Platform: delete Secret {An.Tenant}/sp-ocm-registry", ApplyCopy]));
    }

    [Test]
    public void A_copy_of_another_type_that_is_being_deleted_is_waited_for()
    {
        var observation = An.Observation().WithPullSecret().Complete();
        var copy = observation.SecretCopies[0].Patched("""{ "type": "Opaque" }""").BeingDeleted();

        Assert.That(Planner.Plan(observation with { SecretCopies = [copy] }).Steps, Is.Empty);
    }

    [Test]
    public void A_copy_that_is_no_longer_wanted_goes_after_the_source_has_let_go_of_it()
    {
        var plan = Planner.Plan(An.Observation().WithPullSecret().Complete().WithConfig("{}"));

        Assert.That(plan.Steps(), Is.EqualTo([PatchSource, $"Platform: delete Secret {An.Tenant}/sp-ocm-registry"]));
    }

    [Test]
    public void A_copy_that_is_on_its_way_out_is_not_deleted_again()
    {
        var observation = An.Observation().WithPullSecret().Complete().WithConfig("{}");

        var plan = Planner.Plan(observation with { SecretCopies = [observation.SecretCopies[0].BeingDeleted()] });

        Assert.That(plan.Steps(), Is.EqualTo([PatchSource]));
    }

    [Test]
    public void What_others_have_written_into_our_objects_is_taken_out()
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
    public void What_the_server_fills_in_again_and_again_is_left_to_it()
    {
        var observation = An.Observation().Complete();

        var plan = Planner.Plan(observation with
        {
            OciRepository = observation.OciRepository!.WithForeign("""{ "spec": { "timeout": "60s" } }"""),
            ServerDefaults = new HashSet<string> { "OCIRepository.spec.timeout=\"60s\"" },
        });

        Assert.That(plan.Steps, Is.Empty);
    }

    [Test]
    public void Flux_objects_that_are_being_deleted_are_waited_for()
    {
        var observation = An.Observation().Complete();

        var plan = Planner.Plan(observation with { OciRepository = observation.OciRepository!.BeingDeleted() });

        Assert.That(plan.Steps, Is.Empty);
        plan.Says(
            Reasons.OciRepositoryNotReady, Phase.Progressing, Health.Pending, "to be finalized by Flux", $"{An.Tenant}/sp-ocm-k8s-toolkit");
    }

    [Test]
    public void A_failed_pull_is_a_fault_in_the_words_of_Flux()
    {
        var observation = An.Observation().Complete();

        var plan = Planner.Plan(observation with { OciRepository = observation.OciRepository!.FluxSays("False", "no such tag") });

        plan.Says(
            Reasons.OciRepositoryFailed, Phase.Progressing, Health.Degraded, "no such tag", "OCIRepository", "pull the chart");
    }

    [TestCase("False", Health.Degraded, Reasons.HelmReleaseFailed)]
    [TestCase("Unknown", Health.Pending, Reasons.HelmReleaseNotReady)]
    public void An_installation_that_is_not_done_is_told_in_the_words_of_Flux(string status, Health health, string reason)
    {
        var observation = An.Observation().Complete();

        var plan = Planner.Plan(observation with { HelmRelease = observation.HelmRelease!.FluxSays(status, "timed out") });

        plan.Says(reason, Phase.Progressing, health, "timed out", "HelmRelease", "install the chart");
    }

    [TestCase("sha256:old", Phase.Progressing)]
    [TestCase("sha256:new", Phase.Ready)]
    public void A_release_of_an_earlier_chart_is_not_ready(string attempted, Phase phase)
    {
        var observation = An.Observation().Complete();

        var plan = Planner.Plan(observation with
        {
            OciRepository = observation.OciRepository!.Patched("""{ "status": { "artifact": { "revision": "0.4.0@sha256:new" } } }"""),
            HelmRelease = observation.HelmRelease!.Patched(
                $$"""{ "status": { "lastAttemptedRevision": "0.3.0", "lastAttemptedRevisionDigest": "{{attempted}}" } }"""),
        });

        Assert.That(plan.Status.Phase, Is.EqualTo(phase));
    }

    [Test]
    public void A_condition_of_an_earlier_generation_does_not_count()
    {
        var observation = An.Observation().Complete();

        var plan = Planner.Plan(observation with
        {
            HelmRelease = observation.HelmRelease!.Patched("""{ "metadata": { "generation": 2 } }"""),
        });

        plan.Says(Reasons.HelmReleaseNotReady, Phase.Progressing, Health.Pending);
    }

    [Test]
    public void Without_a_condition_Flux_is_waited_for()
    {
        var observation = An.Observation().Complete();

        var plan = Planner.Plan(observation with { HelmRelease = observation.HelmRelease!.Patched("""{ "status": null }""") });

        plan.Says(Reasons.HelmReleaseNotReady, Phase.Progressing, Health.Pending);
    }
}

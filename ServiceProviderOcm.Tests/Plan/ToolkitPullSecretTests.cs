using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.States;
using ServiceProviderOcm.Core.Plan;
using ServiceProviderOcm.Tests.Builders;

namespace ServiceProviderOcm.Tests.Plan;

/// <summary>The image pull secrets of the toolkit's own pods, which go to the control plane.</summary>
public sealed class ToolkitPullSecretTests
{
    private const string Namespace = "ocm-k8s-toolkit-system";
    private const string ApplyNamespace = $"ControlPlane: apply Namespace {Namespace}";
    private const string ApplyCopy = $"ControlPlane: apply Secret {Namespace}/registry";
    private const string DeleteCopy = $"ControlPlane: delete Secret {Namespace}/registry";
    private const string Annotation = "ocm.services.openmcp.cloud/objects-on-control-plane";

    private static readonly ObservedControlPlane Empty = ObservedControlPlane.Of(null, [], []);
    private static readonly string ApplySource = $"Platform: apply OCIRepository {An.Tenant}/sp-ocm-k8s-toolkit";
    private static readonly string ApplyRelease = $"Platform: apply HelmRelease {An.Tenant}/sp-ocm-k8s-toolkit";
    private static readonly string PatchRelease = $"Platform: patch HelmRelease {An.Tenant}/sp-ocm-k8s-toolkit";
    private static readonly string PatchAccess = $"Platform: patch AccessRequest {An.Tenant}/{ObjectNames.AccessRequest(An.Identity.Api, "alpha")}";

    private static Observation Complete => An.Observation().WithToolkitPullSecret().Complete();

    [Test]
    public void Where_none_is_configured_nobody_looks_at_the_control_plane()
    {
        var plan = Planner.Plan(An.Observation().Complete());

        Assert.That(plan.ControlPlaneScope, Is.EqualTo(ControlPlaneScope.None));
        plan.Says(Reasons.ReconcileSuccess, Phase.Ready, Health.Ready);
    }

    [Test]
    public void That_something_will_be_on_the_control_plane_is_noted_before_it_is() => PlanReading.IsJson(
        Planner.Plan(An.Observation().WithToolkitPullSecret()).Apply("AccessRequest").Manifest.Json.At("metadata", "annotations")!.Value,
        $$"""{ "{{Annotation}}": "true" }""");

    [Test]
    public void The_release_is_first_created_after_the_copies()
    {
        var plan = Planner.Plan(An.Observation().WithToolkitPullSecret().Granted() with { ControlPlane = Empty });

        Assert.That(plan.Steps(), Is.EqualTo([ApplySource, ApplyNamespace, ApplyCopy, ApplyRelease]));
        Assert.That(plan.ControlPlaneScope, Is.EqualTo(ControlPlaneScope.ManagedObjects));
    }

    [Test]
    public void The_release_is_not_created_before_the_control_plane_has_answered()
    {
        var plan = Planner.Plan(An.Observation().WithToolkitPullSecret().Granted());

        Assert.That(plan.Steps(), Is.EqualTo([ApplySource]));
        Assert.That(plan.ControlPlaneScope, Is.EqualTo(ControlPlaneScope.ManagedObjects));
        plan.Says(Reasons.ControlPlanePending, Phase.Progressing, Health.Pending, "\"alpha\"");
    }

    [Test]
    public void A_control_plane_that_cannot_be_reached_holds_up_nothing_on_the_platform()
    {
        var plan = Planner.Plan(An.Observation().WithToolkitPullSecret().Granted() with { ControlPlane = ObservedControlPlane.Unreachable("connection refused.") });

        Assert.That(plan.Steps(), Is.EqualTo([ApplySource, ApplyRelease]));
        Assert.That(plan.ControlPlaneScope, Is.EqualTo(ControlPlaneScope.ManagedObjects));
        plan.Says(Reasons.ControlPlaneUnreachable, Phase.Progressing, Health.Degraded, "\"alpha\"", ": connection refused.", "until it answers");
    }

    [Test]
    public void An_OCM_is_not_Ready_while_its_control_plane_cannot_be_reached() => Planner
        .Plan(Complete with { ControlPlane = ObservedControlPlane.Unreachable("no route") })
        .Says(Reasons.ControlPlaneUnreachable, Phase.Progressing, Health.Degraded, "no route");

    [Test]
    public void Ready_is_neither_taken_back_nor_told_while_a_connection_is_being_made()
    {
        var plan = Planner.Plan(Complete with { ControlPlane = ObservedControlPlane.Unknown });

        Assert.That((plan.Steps.Count, plan.Status.State, plan.Status.Health), Is.EqualTo((0, OcmState.Reconnecting, Health.Unreported)));
        Assert.That(plan.ControlPlaneScope, Is.EqualTo(ControlPlaneScope.ManagedObjects));
    }

    [Test]
    public void What_Flux_says_is_told_while_a_connection_is_being_made()
    {
        var observation = Complete with { ControlPlane = ObservedControlPlane.Unknown };

        Planner.Plan(observation with { HelmRelease = observation.HelmRelease!.FluxSays("False", "timed out") })
            .Says(Reasons.HelmReleaseFailed, Phase.Progressing, Health.Degraded, "timed out");
    }

    [Test]
    public void A_release_that_exists_is_kept_right_while_a_connection_is_being_made()
    {
        var observation = Complete with { ControlPlane = ObservedControlPlane.Unknown };

        var plan = Planner.Plan(observation with { HelmRelease = observation.HelmRelease!.WithForeign("""{ "spec": { "suspend": true } }""") });

        Assert.That(plan.Steps(), Is.EqualTo([PatchRelease]));
    }

    [Test]
    public void When_all_is_in_place_the_OCM_is_Ready_and_the_control_plane_is_watched()
    {
        var plan = Planner.Plan(Complete);

        Assert.That(plan.Steps, Is.Empty);
        Assert.That(plan.ControlPlaneScope, Is.EqualTo(ControlPlaneScope.ManagedObjects));
        plan.Says(Reasons.ReconcileSuccess, Phase.Ready, Health.Ready);
    }

    [Test]
    public void A_rotated_Secret_is_copied_again()
    {
        var rotated = An.Source().Patched("""{ "data": { ".dockerconfigjson": "bmV3" } }""");

        var plan = Planner.Plan(Complete with { SourceSecrets = new Dictionary<string, KubeObject> { [An.PullSecret] = rotated } });

        Assert.That(plan.Steps(), Is.EqualTo([ApplyCopy]));
        Assert.That(plan.Apply("Secret").Manifest.Json.Text("data", ".dockerconfigjson"), Is.EqualTo("bmV3"));
    }

    [Test]
    public void A_copy_that_somebody_has_changed_is_put_right()
    {
        var changed = Copy(Complete).Patched("""{ "data": { ".dockerconfigjson": "eA==" } }""").WithForeign("""{ "data": { "extra": "eA==" } }""");

        Assert.That(
            Planner.Plan(With(Complete, changed)).Steps(),
            Is.EqualTo([$"ControlPlane: patch Secret {Namespace}/registry", ApplyCopy]));
    }

    [Test]
    public void A_namespace_that_somebody_has_deleted_is_made_anew_with_all_that_was_in_it() => Assert.That(
        Planner.Plan(Complete with { ControlPlane = Empty }).Steps(), Is.EqualTo([ApplyNamespace, ApplyCopy]));

    [Test]
    public void Nothing_is_written_into_a_namespace_that_is_being_deleted()
    {
        var seen = Complete.ControlPlane;

        var plan = Planner.Plan(Complete with { ControlPlane = seen with { Namespace = seen.Namespace!.BeingDeleted(), Secrets = [] } });

        Assert.That(plan.Steps, Is.Empty);
        plan.Says(Reasons.ControlPlanePending, Phase.Progressing, Health.Pending, Namespace, "to be deleted");
    }

    [TestCase("""{ "type": "kubernetes.io/dockercfg" }""", TestName = "{m}(another type)")]
    [TestCase("""{ "immutable": true, "data": { ".dockerconfigjson": "eA==" } }""", TestName = "{m}(immutable)")]
    public void A_copy_that_cannot_be_changed_is_made_anew(string patch) =>
        Assert.That(Planner.Plan(With(Complete, Copy(Complete).Patched(patch))).Steps(), Is.EqualTo([DeleteCopy, ApplyCopy]));

    [Test]
    public void An_immutable_copy_that_is_right_stays() =>
        Assert.That(Planner.Plan(With(Complete, Copy(Complete).Patched("""{ "immutable": true }"""))).Steps, Is.Empty);

    [Test]
    public void A_copy_that_is_no_longer_referred_to_goes_after_the_release_has_let_go_of_it()
    {
        var plan = Planner.Plan(Complete.WithConfig("{}"));

        Assert.That(plan.Steps(), Is.EqualTo([PatchRelease, DeleteCopy]));
        Assert.That(plan.ControlPlaneScope, Is.EqualTo(ControlPlaneScope.ManagedObjects));
    }

    [Test]
    public void A_copy_goes_also_if_the_controller_has_only_just_started()
    {
        var plan = Planner.Plan(Complete.WithConfig("{}") with { ControlPlane = ObservedControlPlane.Unknown });

        Assert.That(plan.Steps(), Is.EqualTo([PatchRelease]));
        Assert.That(plan.ControlPlaneScope, Is.EqualTo(ControlPlaneScope.ManagedObjects), "the AccessRequest says that there is something");
    }

    [Test]
    public void Once_nothing_is_left_there_the_note_goes_and_then_nobody_looks_any_more()
    {
        var cleared = An.Observation().Complete() with { ControlPlane = Empty };
        var plan = Planner.Plan(cleared with { AccessRequest = Complete.AccessRequest });

        Assert.That(plan.Steps(), Is.EqualTo([PatchAccess]));
        PlanReading.IsJson(plan.Patch("AccessRequest").Patch, $$"""{ "metadata": { "annotations": { "{{Annotation}}": null } } }""");
        Assert.That(Planner.Plan(cleared).ControlPlaneScope, Is.EqualTo(ControlPlaneScope.None));
    }

    [Test]
    public void A_copy_on_its_way_out_is_still_noted()
    {
        var observation = With(Complete, Copy(Complete).BeingDeleted()).WithConfig("{}");

        Assert.That(Planner.Plan(observation).Steps(), Is.EqualTo([PatchRelease]));
    }

    [Test]
    public void A_missing_source_is_named_and_nothing_is_written()
    {
        var plan = Planner.Plan(Complete with { SourceSecrets = new Dictionary<string, KubeObject>() });

        Assert.That(plan.Steps, Is.Empty);
        Assert.That(plan.ControlPlaneScope, Is.EqualTo(ControlPlaneScope.Unchanged));
        plan.Says(
            Reasons.ImagePullSecretMissing, Phase.Progressing, Health.Degraded, "openmcp-system/registry", "manager.imagePullSecrets", "create");
    }

    [TestCase("kubernetes.io/dockercfg", true)]
    [TestCase("kubernetes.io/dockerconfigjson", true)]
    [TestCase("Opaque", false)]
    [TestCase("kubernetes.io/service-account-token", false)]
    public void Only_Secrets_that_images_can_be_pulled_with_get_to_tenants(string type, bool isFine)
    {
        var plan = Planner.Plan(An.Observation().WithToolkitPullSecret() with
        {
            SourceSecrets = new Dictionary<string, KubeObject> { [An.PullSecret] = An.Source(type: type) },
        });

        Assert.That(plan.Steps.Count > 0, Is.EqualTo(isFine));
        Assert.That(plan.Status.Reason, Is.EqualTo(isFine ? Reasons.AccessRequestPending : Reasons.ImagePullSecretWrongType));
    }

    [Test]
    public void The_values_reach_Flux_as_they_are() => PlanReading.IsJson(
        Planner.Plan(An.Observation().WithToolkitPullSecret().Granted() with { ControlPlane = Empty })
            .Apply("HelmRelease").Manifest.Json.At("spec", "values")!.Value,
        """{ "manager": { "imagePullSecrets": [{ "name": "registry" }] } }""");

    [Test]
    public void Reconcile_writes_the_copies_again()
    {
        var plan = Planner.Plan(Complete.WithOcm("""{ "metadata": { "annotations": { "openmcp.cloud/operation": "reconcile" } } }"""));

        Assert.That(plan.Steps(), Does.Contain(ApplyCopy));
    }

    private static KubeObject Copy(Observation observation) => observation.ControlPlane.Secrets.Single();

    private static Observation With(Observation observation, KubeObject copy) =>
        observation with { ControlPlane = observation.ControlPlane with { Secrets = [copy] } };
}

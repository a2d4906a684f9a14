using Moq;
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
    public void Without_image_pull_secrets_the_control_plane_is_not_watched()
    {
        var plan = Planner.Plan(An.Observation().Complete());

        Assert.That(plan.ControlPlaneScope, Is.EqualTo(ControlPlaneScope.None));
        plan.Reports(Reasons.ReconcileSuccess, Phase.Ready, Health.Ready);
    }

    [Test]
    public void The_annotation_for_control_plane_objects_is_set_before_they_are_created() => PlanReading.IsJson(
        Planner.Plan(An.Observation().WithToolkitPullSecret()).Apply("AccessRequest").Manifest.Json.At("metadata", "annotations")!.Value,
        $$"""{ "{{Annotation}}": "true" }""");

    [Test]
    public void The_HelmRelease_is_created_after_the_Secret_copies()
    {
        var plan = Planner.Plan(An.Observation().WithToolkitPullSecret().Granted() with { ControlPlane = Empty });

        Assert.That(plan.Steps(), Is.EqualTo([ApplySource, ApplyNamespace, ApplyCopy, ApplyRelease]));
        Assert.That(plan.ControlPlaneScope, Is.EqualTo(ControlPlaneScope.ManagedObjects));
    }

    [Test]
    public void The_HelmRelease_is_not_created_before_the_control_plane_has_answered()
    {
        var plan = Planner.Plan(An.Observation().WithToolkitPullSecret().Granted());

        Assert.That(plan.Steps(), Is.EqualTo([ApplySource]));
        Assert.That(plan.ControlPlaneScope, Is.EqualTo(ControlPlaneScope.ManagedObjects));
        plan.Reports(Reasons.ControlPlanePending, Phase.Progressing, Health.Pending, "\"alpha\"");
    }

    [Test]
    public void An_unreachable_control_plane_blocks_nothing_on_the_platform()
    {
        var plan = Planner.Plan(An.Observation().WithToolkitPullSecret().Granted() with { ControlPlane = ObservedControlPlane.Unreachable("connection refused.") });

        Assert.That(plan.Steps(), Is.EqualTo([ApplySource, ApplyRelease]));
        Assert.That(plan.ControlPlaneScope, Is.EqualTo(ControlPlaneScope.ManagedObjects));
        plan.Reports(Reasons.ControlPlaneUnreachable, Phase.Progressing, Health.Degraded, "\"alpha\"", ": connection refused.", "until it answers");
    }

    [Test]
    public void An_OCM_with_an_unreachable_control_plane_is_not_Ready() => Planner
        .Plan(Complete with { ControlPlane = ObservedControlPlane.Unreachable("no route") })
        .Reports(Reasons.ControlPlaneUnreachable, Phase.Progressing, Health.Degraded, "no route");

    [Test]
    public void While_a_connection_is_opened_Ready_is_neither_reported_nor_revoked()
    {
        var plan = Planner.Plan(Complete with { ControlPlane = ObservedControlPlane.Unknown });

        Assert.That((plan.Steps.Count, plan.Status.State, plan.Status.Health), Is.EqualTo((0, OcmState.Reconnecting, Health.Unreported)));
        Assert.That(plan.ControlPlaneScope, Is.EqualTo(ControlPlaneScope.ManagedObjects));
    }

    [Test]
    public void While_a_connection_is_opened_the_state_of_Flux_is_reported()
    {
        var observation = Complete with { ControlPlane = ObservedControlPlane.Unknown };

        Planner.Plan(observation with { HelmRelease = observation.HelmRelease!.FluxReports("False", "timed out") })
            .Reports(Reasons.HelmReleaseFailed, Phase.Progressing, Health.Degraded, "timed out");
    }

    [Test]
    public void While_a_connection_is_opened_drift_of_the_HelmRelease_is_reverted()
    {
        var observation = Complete with { ControlPlane = ObservedControlPlane.Unknown };

        var plan = Planner.Plan(observation with { HelmRelease = observation.HelmRelease!.WithForeign("""{ "spec": { "suspend": true } }""") });

        Assert.That(plan.Steps(), Is.EqualTo([PatchRelease]));
    }

    [Test]
    public void Without_drift_the_OCM_is_Ready_and_the_control_plane_is_watched()
    {
        var plan = Planner.Plan(Complete);

        Assert.That(plan.Steps, Is.Empty);
        Assert.That(plan.ControlPlaneScope, Is.EqualTo(ControlPlaneScope.ManagedObjects));
        plan.Reports(Reasons.ReconcileSuccess, Phase.Ready, Health.Ready);
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
    public void Drift_of_a_Secret_copy_is_reverted()
    {
        var changed = Copy(Complete).Patched("""{ "data": { ".dockerconfigjson": "eA==" } }""").WithForeign("""{ "data": { "extra": "eA==" } }""");

        Assert.That(
            Planner.Plan(With(Complete, changed)).Steps(),
            Is.EqualTo([$"ControlPlane: patch Secret {Namespace}/registry", ApplyCopy]));
    }

    [Test]
    public void A_deleted_namespace_is_recreated_with_its_Secret_copies() => Assert.That(
        Planner.Plan(Complete with { ControlPlane = Empty }).Steps(), Is.EqualTo([ApplyNamespace, ApplyCopy]));

    [Test]
    public void Nothing_is_written_into_a_namespace_that_is_being_deleted()
    {
        var seen = Complete.ControlPlane;

        var plan = Planner.Plan(Complete with { ControlPlane = seen with { Namespace = seen.Namespace!.BeingDeleted(), Secrets = [] } });

        Assert.That(plan.Steps, Is.Empty);
        plan.Reports(Reasons.ControlPlanePending, Phase.Progressing, Health.Pending, Namespace, "to be deleted");
    }

    [TestCase("""{ "type": "kubernetes.io/dockercfg" }""", TestName = "{m}(another type)")]
    [TestCase("""{ "immutable": true, "data": { ".dockerconfigjson": "eA==" } }""", TestName = "{m}(immutable)")]
    public void An_immutable_Secret_copy_with_drift_is_recreated(string patch) =>
        Assert.That(Planner.Plan(With(Complete, Copy(Complete).Patched(patch))).Steps(), Is.EqualTo([DeleteCopy, ApplyCopy]));

    [Test]
    public void An_immutable_Secret_copy_without_drift_stays() =>
        Assert.That(Planner.Plan(With(Complete, Copy(Complete).Patched("""{ "immutable": true }"""))).Steps, Is.Empty);

    [Test]
    public void A_Secret_copy_that_is_no_longer_referenced_stays_until_Flux_has_deployed_the_HelmRelease_without_it()
    {
        var observation = Complete.WithConfig("{}");
        var changed = An.Observation().Complete().HelmRelease!.Patched("""{ "metadata": { "generation": 2 } }""");

        Assert.That(Planner.Plan(observation).Steps(), Is.EqualTo([PatchRelease]));
        foreach (var release in (KubeObject[])
            [changed, changed.FluxReports("Unknown", "running"), changed.FluxReports("False", "rolled back"), changed.FluxReady().BeingDeleted()])
        {
            var plan = Planner.Plan(observation with { HelmRelease = release });
            Assert.That(plan.Steps, Is.Empty);
            Assert.That(plan.ControlPlaneScope, Is.EqualTo(ControlPlaneScope.ManagedObjects));
        }

        Assert.That(Planner.Plan(observation with { HelmRelease = changed.FluxReady() }).Steps(), Is.EqualTo([DeleteCopy]));
    }

    [Test]
    public void A_plan_that_replaces_a_Secret_copy_deletes_nothing_on_the_control_plane()
    {
        var replaced = Complete.WithConfig("""{ "values": { "manager": { "imagePullSecrets": [{ "name": "other" }] } } }""") with
        {
            SourceSecrets = new Dictionary<string, KubeObject> { ["other"] = An.Source("other") },
        };

        Assert.That(
            Planner.Plan(replaced).Steps(), Is.EqualTo([$"ControlPlane: apply Secret {Namespace}/other", ApplyRelease]));
    }

    [Test]
    public void Many_objects_are_pruned_by_several_plans_and_the_annotation_is_removed_after_the_last()
    {
        var unwanted = Enumerable.Range(0, 250).Select(number => Copy(Complete).Patched($$"""{ "metadata": { "name": "c{{number}}" } }""")).ToList();
        List<int> deleted = [];
        var observation = An.Observation().Complete() with { AccessRequest = Complete.AccessRequest };
        ReconcilePlan plan;
        do
        {
            plan = Planner.Plan(observation with { ControlPlane = ObservedControlPlane.Of(null, [], unwanted) });
            var steps = plan.Steps.OfType<DeleteStep>().ToList();
            deleted.Add(unwanted.RemoveAll(each => steps.Exists(step => step.Key == each.Key)));
        }
        while (deleted[^1] > 0);

        Assert.That(deleted, Is.EqualTo([100, 100, 50, 0]));
        Assert.That(plan.Steps(), Is.EqualTo([PatchAccess]));
    }

    [Test]
    public void Each_object_is_looked_up_once_among_those_that_cannot_be_read()
    {
        var lookups = 0;
        var described = 0;
        var names = new Mock<IReadOnlySet<(ResourceKind Kind, string Name)>>(MockBehavior.Strict);
        names.Setup(set => set.Count).Returns(2);
        names.Setup(set => set.Contains(It.IsAny<(ResourceKind, string)>())).Callback(() => lookups++)
            .Returns(((ResourceKind Kind, string Name) found) => found.Name == "bad");
        var unreadable = UnreadableControlPlaneObjects.Of(
            [(Kinds.Secret, "z", 1), (Kinds.Secret, "bad", 2)],
            (_, number) =>
            {
                described++;
                return new KubernetesApiException(422, "Unreadable", $"number {number}");
            });
        var unwanted = ((string[])["a", "bad", "c"]).Select(name => Copy(Complete).Patched($$"""{ "metadata": { "name": "{{name}}" } }"""));

        var plan = Planner.Plan(An.Observation().Complete() with
        {
            AccessRequest = Complete.AccessRequest,
            ControlPlane = ObservedControlPlane.Of(null, [.. unwanted], []) with { Unreadable = unreadable with { Objects = names.Object } },
        });

        Assert.That(plan.Steps.OfType<DeleteStep>().Select(step => step.Key.Name), Is.EqualTo(["a", "c"]));
        Assert.That((lookups, described, unreadable.Error!.Message), Is.EqualTo((3, 1, "number 2")));
    }

    [Test]
    public void A_Secret_copy_is_pruned_after_a_restart_of_the_controller()
    {
        var plan = Planner.Plan(Complete.WithConfig("{}") with { ControlPlane = ObservedControlPlane.Unknown });

        Assert.That(plan.Steps(), Is.EqualTo([PatchRelease]));
        Assert.That(plan.ControlPlaneScope, Is.EqualTo(ControlPlaneScope.ManagedObjects), "the AccessRequest says that there is something");
    }

    [Test]
    public void The_annotation_is_removed_after_the_last_object_and_the_watch_ends_after_it()
    {
        var cleared = An.Observation().Complete() with { ControlPlane = Empty };
        var plan = Planner.Plan(cleared with { AccessRequest = Complete.AccessRequest });

        Assert.That(plan.Steps(), Is.EqualTo([PatchAccess]));
        PlanReading.IsJson(plan.Patch("AccessRequest").Patch, $$"""{ "metadata": { "annotations": { "{{Annotation}}": null } } }""");
        Assert.That(Planner.Plan(cleared).ControlPlaneScope, Is.EqualTo(ControlPlaneScope.None));
    }

    [Test]
    public void The_annotation_stays_while_a_step_on_the_control_plane_is_being_applied()
    {
        var observation = An.Observation().Complete() with { ControlPlane = Empty, AccessRequest = Complete.AccessRequest };

        var plan = Planner.Plan(observation with { IsControlPlaneBusy = true });

        Assert.That(plan.Steps, Is.Empty);
        Assert.That(plan.ControlPlaneScope, Is.EqualTo(ControlPlaneScope.ManagedObjects));
    }

    [Test]
    public void The_annotation_stays_while_a_Secret_copy_is_being_deleted()
    {
        var observation = With(Complete, Copy(Complete).BeingDeleted()).WithConfig("{}");

        Assert.That(Planner.Plan(observation).Steps(), Is.EqualTo([PatchRelease]));
    }

    [Test]
    public void A_missing_source_Secret_is_reported_and_nothing_is_written()
    {
        var plan = Planner.Plan(Complete with { SourceSecrets = new Dictionary<string, KubeObject>() });

        Assert.That(plan.Steps, Is.Empty);
        Assert.That(plan.ControlPlaneScope, Is.EqualTo(ControlPlaneScope.Unchanged));
        plan.Reports(
            Reasons.ImagePullSecretMissing, Phase.Progressing, Health.Degraded, "openmcp-system/registry", "manager.imagePullSecrets", "create");
    }

    [TestCase("kubernetes.io/dockercfg", true)]
    [TestCase("kubernetes.io/dockerconfigjson", true)]
    [TestCase("Opaque", true)]
    [TestCase("kubernetes.io/service-account-token", false)]
    public void Only_image_pull_secrets_are_copied_to_tenants(string type, bool isFine)
    {
        var plan = Planner.Plan(An.Observation().WithToolkitPullSecret() with
        {
            SourceSecrets = new Dictionary<string, KubeObject> { [An.PullSecret] = An.Source(type: type) },
        });

        Assert.That(plan.Steps.Count > 0, Is.EqualTo(isFine));
        Assert.That(plan.Status.Reason, Is.EqualTo(isFine ? Reasons.AccessRequestPending : Reasons.ImagePullSecretWrongType));
    }

    [Test]
    public void Helm_values_with_pull_secrets_are_passed_on_unchanged() => PlanReading.IsJson(
        Planner.Plan(An.Observation().WithToolkitPullSecret().Granted() with { ControlPlane = Empty })
            .Apply("HelmRelease").Manifest.Json.At("spec", "values")!.Value,
        """{ "manager": { "imagePullSecrets": [{ "name": "registry" }] } }""");

    [Test]
    public void Reconcile_applies_the_Secret_copies_again()
    {
        var plan = Planner.Plan(Complete.WithOcm("""{ "metadata": { "annotations": { "openmcp.cloud/operation": "reconcile" } } }"""));

        Assert.That(plan.Steps(), Does.Contain(ApplyCopy));
    }

    private static KubeObject Copy(Observation observation) => observation.ControlPlane.Secrets.Single();

    private static Observation With(Observation observation, KubeObject copy) =>
        observation with { ControlPlane = observation.ControlPlane with { Secrets = [copy] } };
}

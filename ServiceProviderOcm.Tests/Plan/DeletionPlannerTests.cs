using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Core.Model.States;
using ServiceProviderOcm.Core.Plan;
using ServiceProviderOcm.Tests.Builders;

namespace ServiceProviderOcm.Tests.Plan;

public sealed class DeletionPlannerTests
{
    private const string Flux = "sp-ocm-k8s-toolkit";

    private static readonly string AccessKey = $"{An.Tenant}/{ObjectNames.AccessRequest(An.Identity.Api, "alpha")}";
    private static readonly string DeleteRelease = $"Platform: delete HelmRelease {An.Tenant}/{Flux}";

    [Test]
    public void Nothing_is_deleted_for_an_OCM_without_our_finalizer() =>
        Planner.Plan(Installation().WithOcm("""{ "metadata": { "finalizers": ["example.com/theirs"] } }""")).DoesNothing(OcmState.FinalizerRemoved);

    [Test]
    public void A_deletion_first_lists_users_objects_on_the_control_plane()
    {
        var plan = Planner.Plan(Installation());

        Assert.That(plan.Steps, Is.Empty);
        Assert.That(plan.ControlPlaneScope, Is.EqualTo(ControlPlaneScope.UserObjects));
        plan.Reports(Reasons.ControlPlanePending, Phase.Terminating, Health.Pending, "\"alpha\"");
    }

    [Test]
    public void Repository_objects_block_the_deletion_and_are_counted()
    {
        var plan = Planner.Plan(Installation() with { UserObjects = An.Repositories("b/2", "a/1") });

        Assert.That(plan.Steps, Is.Empty);
        Assert.That(plan.ControlPlaneScope, Is.EqualTo(ControlPlaneScope.UserObjects));
        plan.Reports(Reasons.RepositoriesExist, Phase.Terminating, Health.Degraded, "2 Repository", "\"alpha\"", ": a/1, b/2. Delete them");
    }

    [Test]
    public void The_message_names_some_of_many_Repository_objects()
    {
        var plan = Planner.Plan(Installation() with { UserObjects = An.Repositories("a/1", "a/2", "a/3", "a/4") });

        plan.Reports(Reasons.RepositoriesExist, Phase.Terminating, Health.Degraded, "4 Repository", "a/1, a/2, a/3, …");
        Assert.That(plan.Status.Message, Does.Not.Contain("a/4"));
    }

    [Test]
    public void The_message_names_all_of_three_Repository_objects()
    {
        var plan = Planner.Plan(Installation() with { UserObjects = An.Repositories("a/1", "a/2", "a/3") });

        plan.Reports(Reasons.RepositoriesExist, Phase.Terminating, Health.Degraded, ": a/1, a/2, a/3. Delete them");
    }

    [Test]
    public void An_unreachable_control_plane_blocks_the_deletion()
    {
        var plan = Planner.Plan(Installation() with { UserObjects = ObservedUserObjects.Unreachable("connection refused") });

        Assert.That(plan.Steps, Is.Empty);
        Assert.That(plan.ControlPlaneScope, Is.EqualTo(ControlPlaneScope.UserObjects));
        plan.Reports(Reasons.ControlPlaneUnreachable, Phase.Terminating, Health.Degraded, "connection refused", "ClusterRequest");
    }

    [Test]
    public void The_deletion_waits_until_access_to_the_control_plane_is_granted()
    {
        var observation = Installation();

        var plan = Planner.Plan(observation with { AccessRequest = observation.AccessRequest!.Patched("""{ "status": null }""") });

        Assert.That(plan.Steps, Is.Empty);
        Assert.That(plan.ControlPlaneScope, Is.EqualTo(ControlPlaneScope.Unchanged));
        plan.Reports(Reasons.AccessRequestPending, Phase.Terminating, Health.Pending, AccessKey, "ClusterRequest");
    }

    [Test]
    public void Without_Repository_objects_only_the_HelmRelease_is_deleted_first()
    {
        var plan = Planner.Plan(Installation() with { UserObjects = ObservedUserObjects.Of() });

        Assert.That(plan.Steps(), Is.EqualTo([DeleteRelease]));
        plan.Reports(Reasons.HelmReleaseDeleting, Phase.Terminating, Health.Pending, Flux);
    }

    [Test]
    public void While_Flux_uninstalls_nothing_else_is_deleted_and_watches_stay_open()
    {
        var observation = Installation();

        var plan = Planner.Plan(observation with { HelmRelease = observation.HelmRelease!.BeingDeleted() });

        Assert.That(plan.Steps, Is.Empty);
        Assert.That(plan.ControlPlaneScope, Is.EqualTo(ControlPlaneScope.Unchanged));
        plan.Reports(Reasons.HelmReleaseDeleting, Phase.Terminating, Health.Pending, Flux);
    }

    [Test]
    public void A_failed_uninstallation_is_reported_with_the_message_of_Flux()
    {
        var observation = Installation();

        var plan = Planner.Plan(observation with
        {
            HelmRelease = observation.HelmRelease!.FluxReports("False", "hook failed").BeingDeleted(),
        });

        Assert.That(plan.Steps, Is.Empty);
        plan.Reports(Reasons.UninstallFailed, Phase.Terminating, Health.Degraded, "hook failed", Flux);
    }

    [Test]
    public void Without_a_control_plane_the_HelmRelease_is_deleted_without_an_uninstallation()
    {
        var plan = Planner.Plan(Installation() with
        {
            ClusterRequest = null,
            UserObjects = ObservedUserObjects.Unreachable("connection refused"),
        });

        Assert.That(plan.Steps(), Is.EqualTo([$"Platform: patch HelmRelease {An.Tenant}/{Flux}", DeleteRelease]));
        PlanReading.IsJson(plan.Patch("HelmRelease").Patch, """{ "spec": { "suspend": true } }""");
    }

    [Test]
    public void A_HelmRelease_that_cannot_be_uninstalled_without_a_control_plane_is_suspended()
    {
        var observation = Installation() with { ClusterRequest = null };

        var plan = Planner.Plan(observation with { HelmRelease = observation.HelmRelease!.BeingDeleted() });

        Assert.That(plan.Steps(), Is.EqualTo([$"Platform: patch HelmRelease {An.Tenant}/{Flux}"]));
        Assert.That(plan.ControlPlaneScope, Is.EqualTo(ControlPlaneScope.None));
    }

    [Test]
    public void A_suspended_HelmRelease_is_not_suspended_again()
    {
        var observation = Installation() with { ClusterRequest = null };

        var plan = Planner.Plan(observation with
        {
            HelmRelease = observation.HelmRelease!.Patched("""{ "spec": { "suspend": true } }"""),
        });

        Assert.That(plan.Steps(), Is.EqualTo([DeleteRelease]));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void A_suspended_HelmRelease_is_resumed_so_that_Flux_uninstalls(bool isBeingDeleted)
    {
        var observation = Installation() with { UserObjects = ObservedUserObjects.Of() };
        var suspended = observation.HelmRelease!.Patched("""{ "spec": { "suspend": true } }""");

        var plan = Planner.Plan(observation with { HelmRelease = isBeingDeleted ? suspended.BeingDeleted() : suspended });

        var patch = $"Platform: patch HelmRelease {An.Tenant}/{Flux}";
        Assert.That(plan.Steps(), Is.EqualTo(isBeingDeleted ? (string[])[patch] : [patch, DeleteRelease]));
        PlanReading.IsJson(plan.Patch("HelmRelease").Patch, """{ "spec": { "suspend": null } }""");
    }

    [Test]
    public void A_suspended_HelmRelease_of_a_control_plane_that_is_being_deleted_stays_suspended()
    {
        var observation = Installation() with { UserObjects = ObservedUserObjects.Of() };

        var plan = Planner.Plan(observation with
        {
            ClusterRequest = observation.ClusterRequest!.BeingDeleted(),
            HelmRelease = observation.HelmRelease!.Patched("""{ "spec": { "suspend": true } }"""),
        });

        Assert.That(plan.Steps(), Is.EqualTo([DeleteRelease]));
    }

    [Test]
    public void A_suspended_HelmRelease_that_Flux_could_not_uninstall_stays_suspended()
    {
        var observation = Installation() with { AccessRequest = null };

        var plan = Planner.Plan(observation with { HelmRelease = observation.HelmRelease!.Patched("""{ "spec": { "suspend": true } }""") });

        Assert.That(plan.Steps(), Is.EqualTo([DeleteRelease]));
    }

    [Test]
    public void Without_access_to_the_control_plane_the_HelmRelease_is_deleted()
    {
        var plan = Planner.Plan(Installation() with { AccessRequest = null });

        Assert.That(plan.Steps(), Is.EqualTo([DeleteRelease]));
    }

    [Test]
    public void An_AccessRequest_that_is_being_deleted_is_not_used_for_a_connection()
    {
        var observation = Installation();

        var plan = Planner.Plan(observation with { AccessRequest = observation.AccessRequest!.BeingDeleted() });

        Assert.That(plan.Steps(), Is.EqualTo([DeleteRelease]));
    }

    [Test]
    public void The_OCIRepository_is_deleted_after_the_HelmRelease()
    {
        var plan = Planner.Plan(Installation() with { HelmRelease = null, UserObjects = ObservedUserObjects.Of() });

        Assert.That(plan.Steps(), Is.EqualTo([$"Platform: delete OCIRepository {An.Tenant}/{Flux}"]));
        plan.Reports(Reasons.OciRepositoryDeleting, Phase.Terminating, Health.Pending, Flux);
    }

    [Test]
    public void Repository_objects_block_the_deletion_even_when_the_HelmRelease_was_deleted_by_a_user()
    {
        var plan = Planner.Plan(Installation() with { HelmRelease = null, UserObjects = An.Repositories("default/one") });

        Assert.That(plan.Steps, Is.Empty);
        plan.Reports(Reasons.RepositoriesExist, Phase.Terminating, Health.Degraded, "default/one");
    }

    [Test]
    public void The_deletion_waits_for_an_OCIRepository_that_is_being_deleted()
    {
        var observation = Installation() with { HelmRelease = null };

        var plan = Planner.Plan(observation with { OciRepository = observation.OciRepository!.BeingDeleted() });

        Assert.That(plan.Steps, Is.Empty);
        plan.Reports(Reasons.OciRepositoryDeleting, Phase.Terminating, Health.Pending, Flux);
    }

    [Test]
    public void Secret_copies_and_AccessRequest_are_deleted_after_the_OCIRepository()
    {
        var plan = Planner.Plan(Uninstalled());

        Assert.That(plan.Steps(), Is.EqualTo([
            $"Platform: delete Secret {An.Tenant}/sp-ocm-registry", $"Platform: delete AccessRequest {AccessKey}",
        ]));
        plan.Reports(Reasons.AccessRequestDeleting, Phase.Terminating, Health.Pending, AccessKey, "\"alpha\"");
    }

    [Test]
    public void The_AccessRequest_is_finalized_once_our_finalizer_is_the_last()
    {
        var observation = Uninstalled() with { SecretCopies = [] };

        var plan = Planner.Plan(observation with { AccessRequest = observation.AccessRequest!.BeingDeleted() });

        Assert.That(plan.Steps(), Is.EqualTo([$"Platform: patch AccessRequest {AccessKey}"]));
        PlanReading.IsJson(plan.Patch("AccessRequest").Patch, """{ "metadata": { "resourceVersion": "10", "finalizers": [] } }""");
    }

    [Test]
    public void The_deletion_waits_while_the_AccessRequest_has_finalizers_of_others()
    {
        var observation = Uninstalled() with { SecretCopies = [] };
        var held = observation.AccessRequest!.BeingDeleted()
            .Patched("""{ "metadata": { "finalizers": ["clusters.openmcp.cloud/finalizer", "clusters.openmcp.cloud/clusteraccess"] } }""");

        var plan = Planner.Plan(observation with { AccessRequest = held });

        Assert.That(plan.Steps, Is.Empty);
        plan.Reports(Reasons.AccessRequestDeleting, Phase.Terminating, Health.Pending, AccessKey);
    }

    [Test]
    public void The_deletion_waits_for_Secret_copies_that_are_being_deleted()
    {
        var observation = Uninstalled() with { AccessRequest = null };

        var plan = Planner.Plan(observation with { SecretCopies = [observation.SecretCopies[0].BeingDeleted()] });

        Assert.That(plan.Steps, Is.Empty);
        plan.Reports(Reasons.AccessRequestDeleting, Phase.Terminating, Health.Pending, "image pull secret");
    }

    [Test]
    public void Our_finalizer_is_removed_last_and_others_stay()
    {
        var plan = Planner.Plan((Uninstalled() with { AccessRequest = null, SecretCopies = [] })
            .WithOcm($$"""{ "metadata": { "finalizers": ["example.com/theirs", "{{An.Finalizer}}"] } }"""));

        Assert.That(plan.Steps(), Is.EqualTo(["Onboarding: patch OCM project-team/alpha"]));
        PlanReading.IsJson(plan.Patch("OCM").Patch, """{ "metadata": { "resourceVersion": "7", "finalizers": ["example.com/theirs"] } }""");
        Assert.That(plan.Status.State, Is.EqualTo(OcmState.Finalizing));
    }

    [Test]
    public void An_AccessRequest_of_another_component_is_not_deleted()
    {
        var observation = Uninstalled() with { SecretCopies = [] };

        var plan = Planner.Plan(observation with
        {
            AccessRequest = observation.AccessRequest!.Patched("""{ "metadata": { "labels": { "openmcp.cloud/managed-by": "other" } } }"""),
        });

        Assert.That(plan.Steps.Select(step => step.Kind.Kind), Is.EqualTo(["OCM"]));
    }

    [Test]
    public void A_deletion_needs_neither_ProviderConfig_nor_pull_secret_nor_a_valid_version()
    {
        var observation = (Installation() with
        {
            Config = InstallConfig.Missing(An.Identity),
            SourceSecrets = new Dictionary<string, KubeObject>(),
            TenantNamespace = null,
            UserObjects = ObservedUserObjects.Of(),
        }).WithOcm("""{ "spec": { "version": "not a tag" } }""");

        Assert.That(Planner.Plan(observation).Steps(), Is.EqualTo([DeleteRelease]));
    }

    private static Observation Installation() => An.Observation().WithPullSecret().Complete().Deleting();

    private static Observation Uninstalled() => Installation() with { HelmRelease = null, OciRepository = null };
}

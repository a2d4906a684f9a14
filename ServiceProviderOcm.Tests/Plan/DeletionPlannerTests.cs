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
    public void An_OCM_without_our_finalizer_is_not_ours_to_clean_up() =>
        Planner.Plan(Installation().WithOcm("""{ "metadata": { "finalizers": ["example.com/theirs"] } }""")).DoesNothing(OcmState.Released);

    [Test]
    public void First_the_control_plane_is_asked_for_Repository_objects()
    {
        var plan = Planner.Plan(Installation());

        Assert.That(plan.Steps, Is.Empty);
        Assert.That(plan.ControlPlaneScope, Is.EqualTo(ControlPlaneScope.UserObjects));
        plan.Says(Reasons.ControlPlanePending, Phase.Terminating, Health.Pending, "\"alpha\"");
    }

    [Test]
    public void Repository_objects_hold_the_deletion_up_and_are_counted()
    {
        var plan = Planner.Plan(Installation() with { UserObjects = ObservedUserObjects.Of("b/2", "a/1") });

        Assert.That(plan.Steps, Is.Empty);
        Assert.That(plan.ControlPlaneScope, Is.EqualTo(ControlPlaneScope.UserObjects));
        plan.Says(Reasons.RepositoriesExist, Phase.Terminating, Health.Degraded, "2 Repository", "\"alpha\"", ": a/1, b/2. Delete them");
    }

    [Test]
    public void Of_many_Repository_objects_some_are_named()
    {
        var plan = Planner.Plan(Installation() with { UserObjects = ObservedUserObjects.Of("a/1", "a/2", "a/3", "a/4") });

        plan.Says(Reasons.RepositoriesExist, Phase.Terminating, Health.Degraded, "4 Repository", "a/1, a/2, a/3, …");
        Assert.That(plan.Status.Message, Does.Not.Contain("a/4"));
    }

    [Test]
    public void A_control_plane_that_does_not_answer_holds_the_deletion_up()
    {
        var plan = Planner.Plan(Installation() with { UserObjects = ObservedUserObjects.Unreachable("connection refused") });

        Assert.That(plan.Steps, Is.Empty);
        Assert.That(plan.ControlPlaneScope, Is.EqualTo(ControlPlaneScope.UserObjects));
        plan.Says(Reasons.ControlPlaneUnreachable, Phase.Terminating, Health.Degraded, "connection refused", "ClusterRequest");
    }

    [Test]
    public void A_control_plane_that_may_not_be_asked_yet_is_waited_for()
    {
        var observation = Installation();

        var plan = Planner.Plan(observation with { AccessRequest = observation.AccessRequest!.Patched("""{ "status": null }""") });

        Assert.That(plan.Steps, Is.Empty);
        Assert.That(plan.ControlPlaneScope, Is.EqualTo(ControlPlaneScope.Unchanged));
        plan.Says(Reasons.AccessRequestPending, Phase.Terminating, Health.Pending, AccessKey, "ClusterRequest");
    }

    [Test]
    public void Without_Repository_objects_the_release_goes_first_and_alone()
    {
        var plan = Planner.Plan(Installation() with { UserObjects = ObservedUserObjects.Of() });

        Assert.That(plan.Steps(), Is.EqualTo([DeleteRelease]));
        plan.Says(Reasons.HelmReleaseDeleting, Phase.Terminating, Health.Pending, Flux);
    }

    [Test]
    public void Nothing_else_goes_while_Flux_uninstalls_and_whoever_looks_goes_on_looking()
    {
        var observation = Installation();

        var plan = Planner.Plan(observation with { HelmRelease = observation.HelmRelease!.BeingDeleted() });

        Assert.That(plan.Steps, Is.Empty);
        Assert.That(plan.ControlPlaneScope, Is.EqualTo(ControlPlaneScope.Unchanged));
        plan.Says(Reasons.HelmReleaseDeleting, Phase.Terminating, Health.Pending, Flux);
    }

    [Test]
    public void A_failed_uninstallation_is_a_fault_in_the_words_of_Flux()
    {
        var observation = Installation();

        var plan = Planner.Plan(observation with
        {
            HelmRelease = observation.HelmRelease!.FluxSays("False", "hook failed").BeingDeleted(),
        });

        Assert.That(plan.Steps, Is.Empty);
        plan.Says(Reasons.UninstallFailed, Phase.Terminating, Health.Degraded, "hook failed", Flux);
    }

    [Test]
    public void Without_the_control_plane_the_release_goes_without_being_uninstalled()
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
    public void A_release_that_hangs_because_the_control_plane_has_gone_is_suspended()
    {
        var observation = Installation() with { ClusterRequest = null };

        var plan = Planner.Plan(observation with { HelmRelease = observation.HelmRelease!.BeingDeleted() });

        Assert.That(plan.Steps(), Is.EqualTo([$"Platform: patch HelmRelease {An.Tenant}/{Flux}"]));
    }

    [Test]
    public void A_suspended_release_is_not_suspended_again()
    {
        var observation = Installation() with { ClusterRequest = null };

        var plan = Planner.Plan(observation with
        {
            HelmRelease = observation.HelmRelease!.Patched("""{ "spec": { "suspend": true } }"""),
        });

        Assert.That(plan.Steps(), Is.EqualTo([DeleteRelease]));
    }

    [Test]
    public void Without_access_nobody_can_be_asked_and_the_release_goes()
    {
        var plan = Planner.Plan(Installation() with { AccessRequest = null });

        Assert.That(plan.Steps(), Is.EqualTo([DeleteRelease]));
    }

    [Test]
    public void An_AccessRequest_on_its_way_out_is_no_longer_asked_with()
    {
        var observation = Installation();

        var plan = Planner.Plan(observation with { AccessRequest = observation.AccessRequest!.BeingDeleted() });

        Assert.That(plan.Steps(), Is.EqualTo([DeleteRelease]));
    }

    [Test]
    public void The_source_goes_after_the_release()
    {
        var plan = Planner.Plan(Installation() with { HelmRelease = null, UserObjects = ObservedUserObjects.Of() });

        Assert.That(plan.Steps(), Is.EqualTo([$"Platform: delete OCIRepository {An.Tenant}/{Flux}"]));
        plan.Says(Reasons.OciRepositoryDeleting, Phase.Terminating, Health.Pending, Flux);
    }

    [Test]
    public void Users_objects_are_protected_also_where_somebody_has_deleted_the_release()
    {
        var plan = Planner.Plan(Installation() with { HelmRelease = null, UserObjects = ObservedUserObjects.Of("default/one") });

        Assert.That(plan.Steps, Is.Empty);
        plan.Says(Reasons.RepositoriesExist, Phase.Terminating, Health.Degraded, "default/one");
    }

    [Test]
    public void A_source_on_its_way_out_is_waited_for()
    {
        var observation = Installation() with { HelmRelease = null };

        var plan = Planner.Plan(observation with { OciRepository = observation.OciRepository!.BeingDeleted() });

        Assert.That(plan.Steps, Is.Empty);
        plan.Says(Reasons.OciRepositoryDeleting, Phase.Terminating, Health.Pending, Flux);
    }

    [Test]
    public void Copies_and_access_go_after_the_source()
    {
        var plan = Planner.Plan(Uninstalled());

        Assert.That(plan.Steps(), Is.EqualTo([
            $"Platform: delete Secret {An.Tenant}/sp-ocm-registry", $"Platform: delete AccessRequest {AccessKey}",
        ]));
        plan.Says(Reasons.AccessRequestDeleting, Phase.Terminating, Health.Pending, AccessKey, "\"alpha\"");
    }

    [Test]
    public void The_AccessRequest_is_let_go_of_once_only_we_hold_it()
    {
        var observation = Uninstalled() with { SecretCopies = [] };

        var plan = Planner.Plan(observation with { AccessRequest = observation.AccessRequest!.BeingDeleted() });

        Assert.That(plan.Steps(), Is.EqualTo([$"Platform: patch AccessRequest {AccessKey}"]));
        PlanReading.IsJson(plan.Patch("AccessRequest").Patch, """{ "metadata": { "resourceVersion": "10", "finalizers": [] } }""");
    }

    [Test]
    public void The_AccessRequest_is_waited_for_while_others_hold_it()
    {
        var observation = Uninstalled() with { SecretCopies = [] };
        var held = observation.AccessRequest!.BeingDeleted()
            .Patched("""{ "metadata": { "finalizers": ["clusters.openmcp.cloud/finalizer", "clusters.openmcp.cloud/clusteraccess"] } }""");

        var plan = Planner.Plan(observation with { AccessRequest = held });

        Assert.That(plan.Steps, Is.Empty);
        plan.Says(Reasons.AccessRequestDeleting, Phase.Terminating, Health.Pending, AccessKey);
    }

    [Test]
    public void Copies_on_their_way_out_are_waited_for()
    {
        var observation = Uninstalled() with { AccessRequest = null };

        var plan = Planner.Plan(observation with { SecretCopies = [observation.SecretCopies[0].BeingDeleted()] });

        Assert.That(plan.Steps, Is.Empty);
        plan.Says(Reasons.AccessRequestDeleting, Phase.Terminating, Health.Pending, "image pull secret");
    }

    [Test]
    public void Last_goes_our_finalizer_and_no_other()
    {
        var plan = Planner.Plan((Uninstalled() with { AccessRequest = null, SecretCopies = [] })
            .WithOcm($$"""{ "metadata": { "finalizers": ["example.com/theirs", "{{An.Finalizer}}"] } }"""));

        Assert.That(plan.Steps(), Is.EqualTo(["Onboarding: patch OCM project-team/alpha"]));
        PlanReading.IsJson(plan.Patch("OCM").Patch, """{ "metadata": { "resourceVersion": "7", "finalizers": ["example.com/theirs"] } }""");
        Assert.That(plan.Status.State, Is.EqualTo(OcmState.Finalizing));
    }

    [Test]
    public void An_AccessRequest_that_is_not_ours_stays()
    {
        var observation = Uninstalled() with { SecretCopies = [] };

        var plan = Planner.Plan(observation with
        {
            AccessRequest = observation.AccessRequest!.Patched("""{ "metadata": { "labels": { "openmcp.cloud/managed-by": "other" } } }"""),
        });

        Assert.That(plan.Steps.Select(step => step.Kind.Kind), Is.EqualTo(["OCM"]));
    }

    [Test]
    public void Neither_ProviderConfig_nor_pull_secret_nor_a_valid_version_is_needed()
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

    [Test]
    public void One_connection_to_the_control_plane_serves_all_questions() => Assert.That(
        Planner.Plan(WithObjects()).ControlPlaneScope, Is.EqualTo(ControlPlaneScope.UserObjects | ControlPlaneScope.ManagedObjects));

    [Test]
    public void What_we_have_put_on_the_control_plane_goes_while_there_still_is_access_and_after_all_that_needs_it()
    {
        var plan = Planner.Plan(WithObjects() with { HelmRelease = null, OciRepository = null });

        Assert.That(plan.Steps(), Is.EqualTo([
            "ControlPlane: delete ConfigMap ocm-k8s-toolkit-system/sp-ocm-ca-bundle",
            "ControlPlane: delete Secret ocm-k8s-toolkit-system/registry",
        ]));
        plan.Says(Reasons.ControlPlanePending, Phase.Terminating, Health.Pending, "\"alpha\"");
    }

    [TestCase(false)]
    [TestCase(true)]
    public void The_access_goes_once_nothing_of_ours_is_on_the_control_plane_or_all_is_on_its_way_out(bool isHeld)
    {
        var observation = WithObjects() with { HelmRelease = null, OciRepository = null };
        var seen = observation.ControlPlane;

        var plan = Planner.Plan(observation with
        {
            ControlPlane = seen with { ConfigMaps = [], Secrets = isHeld ? [seen.Secrets[0].BeingDeleted()] : [] },
        });

        Assert.That(plan.Steps(), Does.Contain($"Platform: delete AccessRequest {AccessKey}"));
        Assert.That(plan.ControlPlaneScope, Is.EqualTo(ControlPlaneScope.None));
    }

    [Test]
    public void A_control_plane_that_has_not_answered_yet_is_waited_for_before_the_access_goes()
    {
        var plan = Planner.Plan(WithObjects() with { HelmRelease = null, OciRepository = null, ControlPlane = ObservedControlPlane.Unknown });

        Assert.That(plan.Steps, Is.Empty);
        Assert.That(plan.ControlPlaneScope.HasFlag(ControlPlaneScope.ManagedObjects), Is.True);
    }

    [Test]
    public void A_control_plane_that_cannot_be_reached_any_more_is_waited_for_with_a_way_out()
    {
        var plan = Planner.Plan(WithObjects() with
        {
            HelmRelease = null,
            OciRepository = null,
            ControlPlane = ObservedControlPlane.Unreachable("no route"),
        });

        Assert.That(plan.Steps, Is.Empty);
        plan.Says(Reasons.ControlPlaneUnreachable, Phase.Terminating, Health.Degraded, "no route", "ClusterRequest");
    }

    [Test]
    public void Where_nobody_can_be_asked_any_more_our_objects_are_left_behind()
    {
        var unreachable = WithObjects() with
        {
            HelmRelease = null,
            OciRepository = null,
            ControlPlane = ObservedControlPlane.Unreachable("no route"),
        };
        var access = unreachable.AccessRequest!;
        foreach (var observation in new[]
        {
            unreachable with { ClusterRequest = null },
            unreachable with { AccessRequest = access.Patched("""{ "status": null }""") },
            unreachable with { AccessRequest = access.BeingDeleted() },
        })
        {
            Assert.That(Planner.Plan(observation).Steps.Select(step => step.Cluster), Is.Not.Empty.And.All.EqualTo(TargetCluster.Platform));
        }
    }

    private static Observation WithObjects() => An.Observation().WithToolkitPullSecret().WithCaBundle().Complete().Deleting();

    private static Observation Installation() => An.Observation().WithPullSecret().Complete().Deleting();

    private static Observation Uninstalled() => Installation() with { HelmRelease = null, OciRepository = null };
}

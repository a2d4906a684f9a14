using NUnit.Framework;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.States;
using ServiceProviderOcm.Core.Plan;
using ServiceProviderOcm.Tests.Builders;

namespace ServiceProviderOcm.Tests.Plan;

/// <summary>How managed objects on the control plane are deleted with their OCM.</summary>
public sealed class ControlPlaneCleanupTests
{
    private static readonly string AccessKey = $"{An.Tenant}/{ObjectNames.AccessRequest(An.Identity.Api, "alpha")}";

    [Test]
    public void A_deletion_uses_one_connection_to_the_control_plane() => Assert.That(
        Planner.Plan(WithObjects()).ControlPlaneScope, Is.EqualTo(ControlPlaneScope.UserObjects | ControlPlaneScope.ManagedObjects));

    [Test]
    public void Managed_objects_on_the_control_plane_are_deleted_after_the_HelmRelease_and_before_the_AccessRequest()
    {
        var plan = Planner.Plan(WithObjects() with { HelmRelease = null, OciRepository = null });

        Assert.That(plan.Steps(), Is.EqualTo([
            "ControlPlane: delete ConfigMap ocm-k8s-toolkit-system/sp-ocm-ca-bundle",
            "ControlPlane: delete Secret ocm-k8s-toolkit-system/registry",
        ]));
        plan.Reports(Reasons.ControlPlanePending, Phase.Terminating, Health.Pending, "\"alpha\"");
    }

    [TestCase(false)]
    [TestCase(true)]
    public void The_AccessRequest_is_deleted_once_all_managed_objects_on_the_control_plane_are_deleted_or_being_deleted(bool isHeld)
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
    public void The_AccessRequest_is_not_deleted_before_the_control_plane_has_answered()
    {
        var plan = Planner.Plan(WithObjects() with { HelmRelease = null, OciRepository = null, ControlPlane = ObservedControlPlane.Unknown });

        Assert.That(plan.Steps, Is.Empty);
        Assert.That(plan.ControlPlaneScope.HasFlag(ControlPlaneScope.ManagedObjects), Is.True);
    }

    [Test]
    public void An_unreachable_control_plane_blocks_the_cleanup_and_the_message_has_a_fix()
    {
        var plan = Planner.Plan(WithObjects() with
        {
            HelmRelease = null,
            OciRepository = null,
            ControlPlane = ObservedControlPlane.Unreachable("no route"),
        });

        Assert.That(plan.Steps, Is.Empty);
        plan.Reports(Reasons.ControlPlaneUnreachable, Phase.Terminating, Health.Degraded, "no route", "ClusterRequest");
    }

    [TestCase(false, Reasons.AccessRequestPending, Health.Pending)]
    [TestCase(true, Reasons.AccessRequestOverdue, Health.Degraded)]
    public void The_cleanup_waits_until_access_to_the_control_plane_is_granted_again(bool isOverdue, string reason, Health health)
    {
        var uninstalled = WithObjects() with { HelmRelease = null, OciRepository = null };
        var observation = uninstalled with
        {
            AccessRequest = uninstalled.AccessRequest!.Patched("""{ "status": { "phase": "Pending" } }"""),
            ControlPlane = ObservedControlPlane.Unknown,
        };

        var plan = Planner.Plan(isOverdue ? observation.WaitingFor(OcmState.AwaitingAccessForDeletion) : observation);

        Assert.That(plan.Steps, Is.Empty);
        plan.Reports(reason, Phase.Terminating, health, AccessKey, "\"alpha\"", "ClusterRequest");
    }

    [Test]
    public void Objects_on_the_control_plane_are_waited_for_also_if_the_AccessRequest_names_no_Secret_any_more()
    {
        var uninstalled = WithObjects() with { HelmRelease = null, OciRepository = null };

        var plan = Planner.Plan(uninstalled with { AccessRequest = uninstalled.AccessRequest!.Patched("""{ "status": null }""") });

        Assert.That((plan.Steps.Count, plan.Status.State), Is.EqualTo((0, OcmState.AwaitingAccessForDeletion)));
    }

    [Test]
    public void Without_access_managed_objects_on_the_control_plane_are_left_behind()
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
}

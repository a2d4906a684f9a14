using NUnit.Framework;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.States;
using ServiceProviderOcm.Core.Plan;
using ServiceProviderOcm.Tests.Builders;

namespace ServiceProviderOcm.Tests.Plan;

/// <summary>Orphaned objects are deleted as those of an OCM that is being deleted, without finalizer.</summary>
public sealed class OrphanPlanTests
{
    private static readonly Observation Orphaned = An.Observation().WithPullSecret().Complete() with
    {
        Ocm = null,
        UserObjects = ObservedUserObjects.Of(),
    };

    private static readonly Dictionary<string, Observation> Observations = new(StringComparer.Ordinal)
    {
        ["users' objects exist"] = Orphaned with { UserObjects = An.Repositories("a/1") },
        ["the control plane is unreachable"] = Orphaned with { UserObjects = ObservedUserObjects.Unreachable("refused") },
        ["access is not granted"] = Orphaned with { AccessRequest = Orphaned.AccessRequest!.Patched("""{ "status": null }""") },
        ["all objects exist"] = Orphaned,
        ["the control plane is gone"] = Orphaned with { ClusterRequest = null, UserObjects = ObservedUserObjects.Unknown },
        ["the HelmRelease is deleted"] = Orphaned with { HelmRelease = null },
        ["the chart is deleted"] = Orphaned with { HelmRelease = null, OciRepository = null },
        ["Secret copies are left"] = Orphaned with { HelmRelease = null, OciRepository = null, AccessRequest = null },
        ["nothing is left"] = Orphaned with { HelmRelease = null, OciRepository = null, AccessRequest = null, SecretCopies = [] },
    };

    [TestCase("users' objects exist", OcmState.DeletionBlocked)]
    [TestCase("the control plane is unreachable", OcmState.DeletionCheckUnreachable)]
    [TestCase("access is not granted", OcmState.AwaitingAccessForDeletion)]
    [TestCase("all objects exist", OcmState.Uninstalling, "delete HelmRelease")]
    [TestCase("the control plane is gone", OcmState.Uninstalling, "patch HelmRelease", "delete HelmRelease")]
    [TestCase("the HelmRelease is deleted", OcmState.DeletingOciRepository, "delete OCIRepository")]
    [TestCase("the chart is deleted", OcmState.DeletingAccessRequest, "delete Secret", "delete AccessRequest")]
    [TestCase("Secret copies are left", OcmState.DeletingSecretCopies, "delete Secret")]
    [TestCase("nothing is left", OcmState.Gone)]
    public void Orphans_are_deleted_in_the_order_of_a_deletion(string observed, OcmState state, params string[] steps)
    {
        var plan = Planner.PlanOrphan(Observations[observed], "alpha");

        Assert.That(plan.Status.State, Is.EqualTo(state));
        Assert.That(plan.Steps.Select(step => string.Join(' ', step.Description.Split(' ')[..2])), Is.EqualTo(steps));
    }
}

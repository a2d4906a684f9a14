using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Core.Model.States;
using ServiceProviderOcm.Core.Plan;
using ServiceProviderOcm.Tests.Builders;

namespace ServiceProviderOcm.Tests.Plan;

/// <summary>What holds a deletion: users' objects, and a pause of all OCMs.</summary>
public sealed class DeletionProtectionTests
{
    private const string Flux = "sp-ocm-k8s-toolkit";

    private static readonly string DeleteRelease = $"Platform: delete HelmRelease {An.Tenant}/{Flux}";

    [TestCase("Component a/1", Reasons.UserResourcesPresent, "1 Component object(s) (delivery.ocm.software)", ": a/1. Delete")]
    [TestCase("Deployer d", Reasons.UserResourcesPresent, "1 Deployer object(s)", ": d. Delete")]
    [TestCase("Replication a/1, Resource a/1", Reasons.UserResourcesPresent, "1 Replication, 1 Resource object(s)", ": Replication a/1, Resource a/1. Delete")]
    [TestCase("Future a/1", Reasons.UserResourcesPresent, "1 Future object(s)", ": a/1. Delete")]
    [TestCase(
        "Repository z/1, Component b/2, Component a/1", Reasons.RepositoriesExist,
        "2 Component, 1 Repository object(s)", ": Component a/1, Component b/2, Repository z/1. Delete")]
    [TestCase(
        "Repository z/1, Repository z/2, Deployer d1, Deployer d2", Reasons.RepositoriesExist,
        "2 Deployer, 2 Repository object(s)", ": Deployer d1, Deployer d2, Repository z/1, …. Delete")]
    public void Objects_of_every_kind_block_the_deletion_and_are_counted_by_kind(string objects, string reason, string counts, string names)
    {
        var kinds = objects.Split(", ").Select(text => text.Split(' ')).GroupBy(parts => parts[0], parts => parts[1])
            .Select(kind => UserObjectsOfKind.Of(kind.Key, [.. kind]));

        var plan = Planner.Plan(Installation() with { UserObjects = ObservedUserObjects.Of(kinds) });

        Assert.That(plan.Steps, Is.Empty);
        Assert.That(plan.ControlPlaneScope, Is.EqualTo(ControlPlaneScope.UserObjects));
        plan.Reports(reason, Phase.Terminating, Health.Degraded, counts, "\"alpha\"", names);
    }

    [TestCase(true, false, false)]
    [TestCase(false, false, false)]
    [TestCase(false, true, true)]
    public void A_deletion_waits_until_it_is_known_whether_all_OCMs_are_paused(bool isStarting, bool wasRead, bool isDeleted)
    {
        var kind = An.Identity.Api.ProviderConfig;
        var observation = Installation() with
        {
            UserObjects = ObservedUserObjects.Of(),
            StaleSources =
            [
                isStarting ? new StaleSource.Starting("platform cluster", kind, IsInput: true)
                    : new StaleSource.Unreadable("platform cluster", kind, new KubernetesApiException(503, "X", "down"), IsInput: true),
            ],
        };

        var plan = Planner.Plan(wasRead ? observation : observation with { Config = InstallConfig.Missing(An.Identity) });

        Assert.That(plan.Steps(), Is.EqualTo(isDeleted ? [DeleteRelease] : Array.Empty<string>()));
    }

    [Test]
    public void While_all_OCMs_are_paused_a_deletion_waits_and_reports_nothing()
    {
        var observation = Installation() with { UserObjects = ObservedUserObjects.Of() };

        Planner.Plan(observation with { Config = observation.Config with { IsPaused = true } }).DoesNothing(OcmState.Paused);
    }

    [Test]
    public void Everything_is_applied_for_an_OCM_once_and_its_own_annotation_is_not_removed()
    {
        var complete = An.Observation().Complete();

        Assert.That(Planner.Plan(complete).Steps, Is.Empty);
        Assert.That(
            Planner.Plan(complete with { IsReapplyRequested = true }).Steps.Select(step => step.Kind.Kind),
            Is.EqualTo(["AccessRequest", "OCIRepository", "HelmRelease"]));
    }

    [TestCase(10, true)]
    [TestCase(11, false)]
    public void A_list_without_objects_is_relied_on_for_a_short_time_only(int seconds, bool isDeleted)
    {
        var plan = Planner.Plan(Installation() with
        {
            UserObjects = ObservedUserObjects.Of() with { ListedAt = An.Now - TimeSpan.FromSeconds(seconds) },
        });

        Assert.That(plan.Steps(), Is.EqualTo(isDeleted ? [DeleteRelease] : Array.Empty<string>()));
        Assert.That(plan.ControlPlaneScope.HasFlag(ControlPlaneScope.FreshUserObjects), Is.EqualTo(!isDeleted));
    }

    [Test]
    public void Once_the_chart_is_uninstalled_the_list_is_not_repeated()
    {
        var plan = Planner.Plan(Installation() with
        {
            HelmRelease = null,
            UserObjects = ObservedUserObjects.Of() with { ListedAt = An.Now - TimeSpan.FromHours(1) },
        });

        Assert.That(plan.Steps(), Is.EqualTo([$"Platform: delete OCIRepository {An.Tenant}/{Flux}"]));
    }

    private static Observation Installation() => An.Observation().WithPullSecret().Complete().Deleting();
}

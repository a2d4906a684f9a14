using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.ServerSideApply;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Core.Model.States;
using ServiceProviderOcm.Core.Plan;
using ServiceProviderOcm.Core.Report;
using ServiceProviderOcm.Tests.Builders;

namespace ServiceProviderOcm.Tests.Plan;

public sealed class PlannerProperties
{
    private const int Rounds = 16;

    [Test]
    public void An_installation_settles_without_drift_from_any_start() => ForAll(Observations.ToInstall, start =>
    {
        var world = new PlanWorld(start);
        var isValid = start.TryResolve(out _, out _);

        return world.Settles(Rounds) && (isValid ? IsInstalled(world.Now) && HasControlPlaneObjects(world, start) : !world.History.Any(IsPlanned));
    });

    [Test]
    public void An_executed_plan_is_not_planned_again() => ForAll(Observations.ToInstall, start =>
    {
        var world = new PlanWorld(start);
        world.Settles(Rounds);
        var done = world.History.Count;

        return world.Settles(1) && world.History.Count == done;
    });

    [Test]
    public void Nothing_is_created_before_the_OCM_has_the_finalizer() => ForAll(Observations.ToInstall, start =>
    {
        var world = new PlanWorld(start);
        world.Settles(Rounds);
        var made = world.History.FindIndex(entry => entry.StartsWith("create", StringComparison.Ordinal));

        return made < 0 || start.Ocm!.Finalizers.Contains(An.Finalizer) || world.History.Take(made).Contains("update OCM");
    });

    [Test]
    public void A_deletion_completes_and_leaves_nothing_behind() => ForAll(Observations.ToDelete, start =>
    {
        var world = new PlanWorld(start);

        return world.Settles(Rounds)
            && world.Now.Ocm?.Finalizers.Contains(An.Finalizer) is not true
            && world.Now is { HelmRelease: null, OciRepository: null, AccessRequest: null, SecretCopies: [] }
            && (!CanBePruned(start) || world.ControlPlane.Secrets.Concat(world.ControlPlane.ConfigMaps).All(there => there.IsBeingDeleted));
    });

    [Test]
    public void The_objects_that_the_toolkit_needs_exist_before_its_first_installation() => ForAll(Observations.ToInstall, start =>
    {
        var world = new PlanWorld(start with { HelmRelease = null });
        world.Settles(Rounds);
        var installed = world.History.IndexOf("create HelmRelease");

        return installed < 0 || !world.History.Skip(installed).Any(entry => entry.StartsWith("create placed", StringComparison.Ordinal));
    });

    [Test]
    public void A_control_plane_without_desired_objects_is_not_watched() => ForAll(Observations.ToInstall, start =>
    {
        var world = new PlanWorld(start with { CaBundle = CaBundle.None, Config = An.Config("{}") });
        world.Settles(Rounds);

        return !world.Now.ControlPlane.IsKnown;
    });

    [Test]
    public void A_deletion_creates_nothing() => ForAll(Observations.ToDelete, start =>
    {
        var world = new PlanWorld(start);
        world.Settles(Rounds);

        return !world.History.Any(entry => entry.StartsWith("create", StringComparison.Ordinal));
    });

    [Test]
    public void HelmRelease_OCIRepository_AccessRequest_and_finalizer_are_deleted_in_this_order() => ForAll(Observations.ToDelete, start =>
    {
        var world = new PlanWorld(start);
        world.Settles(Rounds);
        var history = world.History;
        var isSourceTouched = history.IndexOf("delete OCIRepository");
        var isAccessTouched = history.FindIndex(entry => entry is "delete AccessRequest" or "update AccessRequest" or "delete Secret");
        var isCleared = history.FindIndex(entry => entry.StartsWith("delete placed", StringComparison.Ordinal));

        return Before(history.IndexOf("gone HelmRelease"), isSourceTouched)
            && Before(history.IndexOf("gone HelmRelease"), isAccessTouched)
            && Before(history.IndexOf("gone OCIRepository"), isAccessTouched)
            && Before(history.IndexOf("gone OCIRepository"), isCleared)
            && Before(isCleared, isAccessTouched)
            && history.Count(entry => entry == "update OCM") == 1
            && history.FindLastIndex(entry => entry != "gone OCM") == history.IndexOf("update OCM");
    });

    [Test]
    public void An_AccessRequest_of_another_component_is_never_modified() => ForAll(
        Gen.OneOf(Observations.ToInstall, Observations.ToDelete),
        start => !Trace(start.WithForeignAccess()).Any(step => step.Kind == PlatformKinds.AccessRequest));

    [Test]
    public void Nothing_is_deleted_while_Repository_objects_exist() => ForAll(Observations.ToDelete, start =>
    {
        var observation = start with
        {
            AccessRequest = An.Observation().Granted().AccessRequest,
            ClusterRequest = An.Observation().ClusterRequest,
            HelmRelease = An.Observation().Complete().HelmRelease,
            UserObjects = An.Repositories("ns/theirs"),
        };
        var plan = Planner.Plan(observation);

        return plan.Steps.Count == 0 && plan.Status.Reason == Reasons.RepositoriesExist;
    });

    [Test]
    public void The_same_observation_has_the_same_plan() => ForAll(Gen.OneOf(Observations.ToInstall, Observations.ToDelete), start =>
        Planner.Plan(start).Steps().SequenceEqual(Planner.Plan(start).Steps()) && Planner.Plan(start).Status == Planner.Plan(start).Status);

    [Test]
    public void A_written_status_is_not_written_again() => ForAll(
        Gen.OneOf(Observations.ToInstall, Observations.ToDelete),
        start =>
        {
            var status = Planner.Plan(start).Status;
            return StatusReport.Of(start, status) is not { HasChanges: true } report
                || !StatusReport.Of(start.WithOcm(report.StatusPatch.GetRawText()) with { Now = An.Now.AddHours(1) }, status).HasChanges;
        });

    private static void ForAll(Gen<Observation> observations, Func<Observation, bool> holds) =>
        Prop.ForAll(observations.ToArbitrary(), holds).QuickCheckThrowOnFailure();

    private static bool IsInstalled(Observation observation)
    {
        var plan = Planner.Plan(observation);
        var wanted = observation.Inputs();
        return plan is { Steps: [], Status.State: OcmState.Ready }
            && observation.Ocm!.Finalizers.Contains(An.Finalizer)
            && observation.OciRepository!.Json.Text("spec", "url") == wanted.Source.Url
            && observation.OciRepository!.Json.Text("spec", "ref", "tag") == wanted.Tag
            && observation.OciRepository!.Json.At("spec", "ref", "semver") is null
            && observation.HelmRelease!.Json.At("spec", "suspend") is null
            && IsSame(observation.HelmRelease!.Json.At("spec", "values"), wanted.Source.Values.Part is var values && values != SharedPart.None ? values.Value : null)
            && observation.SecretCopies.Count == (wanted.Source.PullSecret.Length == 0 ? 0 : 1) + (observation.CaBundle.IsSet ? 1 : 0)
            && (observation.OciRepository!.Json.At("spec", "certSecretRef") is null) == !observation.CaBundle.IsSet
            && (observation.HelmRelease!.Json.At("spec", "postRenderers") is null) == !observation.CaBundle.IsInjected
            && observation.SecretCopies.All(copy => copy.Json.At("data", "extra") is null);
    }

    private static bool HasControlPlaneObjects(PlanWorld world, Observation start)
    {
        var wanted = ControlPlaneObjects.Desired(world.Now, world.Now.Inputs());
        var there = world.ControlPlane.Secrets.Concat(world.ControlPlane.ConfigMaps).ToList();
        return wanted.Count == 0
            ? !world.Now.MayHaveControlPlaneObjects && (!CanBePruned(start) || there.Count == 0)
            : there.Count == wanted.Count && wanted.All(each => there.Any(one => one.Name == each.Manifest.Name
                && one.Json.Text("kind") == each.Kind.Kind && Drift.Between(each.Manifest, one, DriftRules.None).IsNone && one.Json.At("data", "extra") is null));
    }

    // Whether the control plane stays writable, and may have managed objects.
    private static bool CanBePruned(Observation start) =>
        start is { ClusterRequest: not null, AccessRequest.IsBeingDeleted: false } && start.MayHaveControlPlaneObjects;

    private static bool IsPlanned(string entry) => !entry.StartsWith("gone", StringComparison.Ordinal);

    private static bool IsSame(JsonElement? one, JsonElement? other) =>
        one is { } there ? other is { } wanted && JsonElement.DeepEquals(there, wanted) : other is null;

    // What never was there went before everything.
    private static bool Before(int gone, int touched) => touched < 0 || gone < touched;

    private static IEnumerable<PlanStep> Trace(Observation start)
    {
        var observation = start;
        for (var round = 0; round < 4; round++)
        {
            foreach (var step in Planner.Plan(observation).Steps)
            {
                yield return step;
            }

            observation = observation with
            {
                HelmRelease = round == 0 ? observation.HelmRelease : null,
                OciRepository = round <= 1 ? observation.OciRepository : null,
                SecretCopies = round <= 2 ? observation.SecretCopies : [],
            };
        }
    }
}

using System.Diagnostics;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Core.Model.States;
using ServiceProviderOcm.Core.Plan;
using ServiceProviderOcm.Tests.Builders;

namespace ServiceProviderOcm.Tests.Plan;

/// <summary>One observation or failed step for each state of an OCM.</summary>
public sealed class StateTests
{
    private const string CaBundleReference = """{ "caBundleRef": { "name": "roots", "key": "ca.crt" } }""";
    private const string Catalog = """{ "versions": [{ "version": "1", "chartVersion": "1.0.0" }] }""";

    private const string Verified = """{ "verify": { "provider": "cosign", "secretRef": { "name": "keys" } } }""";

    private static readonly Observation Start = An.Observation();
    private static readonly Observation Requested = Start.Requested();
    private static readonly Observation Granted = Start.Granted();
    private static readonly Observation Complete = Start.Complete();
    private static readonly Observation WithObjects = Start.WithToolkitPullSecret().Complete();
    private static readonly Observation Deleting = Start.WithPullSecret().Complete().Deleting();
    private static readonly Observation Uninstalled = Deleting with { HelmRelease = null, OciRepository = null };
    private static readonly Observation UninstalledWithObjects = WithObjects.Deleting() with { HelmRelease = null, OciRepository = null };

    // The controller sets it, when an object was deleted after the plan was made.
    private static readonly OcmState[] NotPlanned = [OcmState.Superseded];

    private static readonly Dictionary<OcmState, Observation> Installing = new()
    {
        [OcmState.Gone] = Start with { Ocm = null },
        [OcmState.Ignored] = Start.WithOcm(Annotated("ignore")),
        [OcmState.Paused] = Complete with { Config = Complete.Config with { IsPaused = true } },
        [OcmState.Starting] = Start with { StaleSources = [new StaleSource.Starting("platform cluster", Kinds.Secret)] },
        [OcmState.Reconnecting] = WithObjects with { ControlPlane = ObservedControlPlane.Unknown },
        [OcmState.Ready] = Complete,
        [OcmState.ProviderConfigMissing] = Start with { Config = InstallConfig.Missing(An.Identity) },
        [OcmState.ProviderConfigInvalid] = Start.WithConfig("""{ "values": "text" }"""),
        [OcmState.ChartUrlInvalid] = Start.WithConfig("""{ "chartURL": "https://charts.example" }"""),
        [OcmState.VersionInvalid] = Start.WithOcm("""{ "spec": { "version": "not a tag" } }"""),
        [OcmState.VersionNotOffered] = Start.WithConfig(Catalog),
        [OcmState.ImagePullSecretMissing] = Start.WithPullSecret() with { SourceSecrets = new Dictionary<string, KubeObject>() },
        [OcmState.ImagePullSecretWrongType] = Start.WithPullSecret() with
        {
            SourceSecrets = new Dictionary<string, KubeObject> { [An.PullSecret] = An.Source(type: "kubernetes.io/basic-auth") },
        },
        [OcmState.VerificationSecretMissing] = Start.WithConfig(Verified),
        [OcmState.VerificationSecretInvalid] = Start.WithConfig(Verified) with
        {
            SourceSecrets = new Dictionary<string, KubeObject> { ["keys"] = An.Source("keys") },
        },
        [OcmState.CaBundleMissing] = WithCaBundle(configMap: null),
        [OcmState.CaBundleInvalid] = WithCaBundle(KubeObject.Parse("""{ "data": { "ca.crt": "not a certificate" } }""")),
        [OcmState.TenantNamespaceMissing] = Start with { TenantNamespace = null },
        [OcmState.TenantNamespaceTerminating] = Start with { TenantNamespace = Start.TenantNamespace!.BeingDeleted() },
        [OcmState.ClusterRequestMissing] = Start with { ClusterRequest = null },
        [OcmState.AccessRequestForeign] = Start.WithForeignAccess(),
        [OcmState.AccessRequestTerminating] = Granted with { AccessRequest = Granted.AccessRequest!.BeingDeleted() },
        [OcmState.AwaitingAccess] = Requested,
        [OcmState.AccessOverdue] = AccessOverdue(),
        [OcmState.AccessDenied] = Requested with
        {
            AccessRequest = Requested.AccessRequest!.Patched("""{ "status": { "phase": "Denied", "observedGeneration": 1 } }"""),
        },
        [OcmState.LimitExceeded] = Complete with { ExceededLimit = new ExceededLimit("ocms_per_namespace", "--max-ocms-per-namespace", 2, 3) },
        [OcmState.AwaitingControlPlane] = Start.WithToolkitPullSecret().Granted(),
        [OcmState.ToolkitNamespaceTerminating] = WithObjects with
        {
            ControlPlane = WithObjects.ControlPlane with { Namespace = WithObjects.ControlPlane.Namespace!.BeingDeleted() },
        },
        [OcmState.ControlPlaneUnreachable] = WithObjects with { ControlPlane = ObservedControlPlane.Unreachable("no route") },
        [OcmState.ControlPlaneObjectUnreadable] = WithUnreadable(WithObjects),
        [OcmState.PullingChart] = Granted,
        [OcmState.PullFailed] = Complete with { OciRepository = Complete.OciRepository!.FluxReports("False", "no such tag") },
        [OcmState.VerificationFailed] = Complete with { OciRepository = Complete.OciRepository!.Unverified("no matching signatures") },
        [OcmState.OciRepositoryTerminating] = Complete with { OciRepository = Complete.OciRepository!.BeingDeleted() },
        [OcmState.Installing] = Complete with { HelmRelease = null },
        [OcmState.Upgrading] = Complete with
        {
            OciRepository = Complete.OciRepository!.Patched("""{ "status": { "artifact": { "revision": "0.4.0@sha256:new" } } }"""),
        },
        [OcmState.InstallFailed] = Complete with
        {
            HelmRelease = Complete.HelmRelease!.Patched("""{ "status": null }""").FluxReports("False", "timed out"),
        },
        [OcmState.UpgradeFailed] = Complete with { HelmRelease = Complete.HelmRelease!.FluxReports("False", "timed out") },
        [OcmState.HelmReleaseTerminating] = Complete with { HelmRelease = Complete.HelmRelease!.BeingDeleted() },
        [OcmState.ObjectForeign] = Granted with { ForeignObjects = [(PlatformKinds.HelmRelease, Complete.HelmRelease!)] },
        [OcmState.FluxNotInstalled] = NotServed(PlatformKinds.HelmRelease),
        [OcmState.PlatformNotInstalled] = NotServed(PlatformKinds.AccessRequest),
    };

    private static readonly Dictionary<OcmState, Observation> Uninstalling = new()
    {
        [OcmState.ReconcileRequested] = Deleting.WithOcm(Annotated("reconcile")),
        [OcmState.FinalizerRemoved] = Start.Deleting(),
        [OcmState.Finalizing] = Uninstalled with { AccessRequest = null, SecretCopies = [] },
        [OcmState.AwaitingAccessForDeletion] = Deleting with { AccessRequest = Deleting.AccessRequest!.Patched("""{ "status": null }""") },
        [OcmState.CheckingUserObjects] = Deleting,
        [OcmState.DeletionBlocked] = Deleting with { UserObjects = An.Repositories("a/1") },
        [OcmState.DeletionBlockedByOtherKinds] = Deleting with
        {
            UserObjects = ObservedUserObjects.Of(UserObjectsOfKind.Of("Deployer", ["d"])),
        },
        [OcmState.DeletionCheckUnreachable] = Deleting with { UserObjects = ObservedUserObjects.Unreachable("no route") },
        [OcmState.Uninstalling] = Deleting with { UserObjects = ObservedUserObjects.Of() },
        [OcmState.UninstallFailed] = Deleting with { HelmRelease = Deleting.HelmRelease!.FluxReports("False", "hook failed").BeingDeleted() },
        [OcmState.DeletingOciRepository] = Deleting with { HelmRelease = null, UserObjects = ObservedUserObjects.Of() },
        [OcmState.DeletingControlPlaneObjects] = UninstalledWithObjects,
        [OcmState.CleanupUnreachable] = UninstalledWithObjects with { ControlPlane = ObservedControlPlane.Unreachable("no route") },
        [OcmState.DeletingAccessRequest] = Uninstalled,
        [OcmState.DeletingSecretCopies] = Uninstalled with { AccessRequest = null },
    };

    // The failures that waits become, each with one of these waits.
    private static readonly Dictionary<OcmState, Observation> Overdue = new()
    {
        [OcmState.ControlPlaneOverdue] = Installing[OcmState.AwaitingControlPlane].WaitingFor(OcmState.AwaitingControlPlane),
        [OcmState.OciRepositoryOverdue] = Installing[OcmState.PullingChart].WaitingFor(OcmState.PullingChart),
        [OcmState.HelmReleaseOverdue] = Installing[OcmState.Installing].WaitingFor(OcmState.Installing),
        [OcmState.AccessDeletionOverdue] = Uninstalling[OcmState.DeletingAccessRequest].WaitingFor(OcmState.DeletingAccessRequest),
        [OcmState.SecretDeletionOverdue] = Uninstalling[OcmState.DeletingSecretCopies].WaitingFor(OcmState.DeletingSecretCopies),
    };

    private static readonly Dictionary<OcmState, (TargetCluster Cluster, int Code)> FailedSteps = new()
    {
        [OcmState.PlatformUnavailable] = (TargetCluster.Platform, 503),
        [OcmState.PlatformForbidden] = (TargetCluster.Platform, 403),
        [OcmState.PlatformRejected] = (TargetCluster.Platform, 422),
        [OcmState.PlatformConflict] = (TargetCluster.Platform, 409),
        [OcmState.OnboardingUnavailable] = (TargetCluster.Onboarding, 503),
        [OcmState.OnboardingForbidden] = (TargetCluster.Onboarding, 403),
        [OcmState.OnboardingRejected] = (TargetCluster.Onboarding, 422),
        [OcmState.OnboardingConflict] = (TargetCluster.Onboarding, 409),
        [OcmState.ControlPlaneUnavailable] = (TargetCluster.ControlPlane, 503),
        [OcmState.ControlPlaneForbidden] = (TargetCluster.ControlPlane, 403),
        [OcmState.ControlPlaneRejected] = (TargetCluster.ControlPlane, 422),
        [OcmState.ControlPlaneConflict] = (TargetCluster.ControlPlane, 409),
    };

    // The states of what cannot be read on the platform cluster, whether the OCM is installed or deleted.
    private static readonly OcmState[] Unreadable =
    [
        OcmState.PlatformUnavailable, OcmState.PlatformForbidden, OcmState.PlatformRejected, OcmState.PlatformConflict,
    ];

    /// <summary>An observation for each state that is planned.</summary>
    internal static IEnumerable<Observation> Observations => Installing.Values.Concat(Uninstalling.Values).Concat(Overdue.Values);

    private static IEnumerable<OcmState> Observed => [.. Installing.Keys, .. Uninstalling.Keys, .. Overdue.Keys];

    [TestCaseSource(nameof(Observed))]
    public void An_observation_has_its_state_and_a_message_only_if_the_state_is_reported(OcmState state)
    {
        var status = Planner.Plan(ObservationOf(state)).Status;

        Assert.That(status.State, Is.EqualTo(state), status.Message);
        Assert.That(status.Message.Length == 0, Is.EqualTo(status.Health == Health.Unreported), status.Message);
    }

    [TestCaseSource(nameof(FailedSteps))]
    public void A_failed_step_has_the_state_of_its_cluster_and_error(KeyValuePair<OcmState, (TargetCluster Cluster, int Code)> failed)
    {
        var status = ClusterErrors.OfStep(Step(failed.Value.Cluster), new KubernetesApiException(failed.Value.Code, "Reason", "no"));

        Assert.That(status.State, Is.EqualTo(failed.Key), status.Message);
    }

    [Test]
    public void A_call_in_flight_on_the_control_plane_is_waited_for_before_the_access_is_deleted()
    {
        var withoutObjects = UninstalledWithObjects with { ControlPlane = ObservedControlPlane.Of(null, [], []), IsControlPlaneBusy = true };

        Assert.That(Planner.Plan(withoutObjects).Status.State, Is.EqualTo(OcmState.DeletingControlPlaneObjects));
        Assert.That(
            Planner.Plan(withoutObjects with { IsControlPlaneBusy = false }).Status.State, Is.Not.EqualTo(OcmState.DeletingControlPlaneObjects));
    }

    [Test]
    public void A_limit_of_a_control_plane_is_reported_as_such()
    {
        var error = new KubernetesApiException(0, "LimitExceeded", "a list has 3 MiB, and the limit is 2 MiB (--some-setting)");

        var status = ClusterErrors.OfStep(Step(TargetCluster.ControlPlane), error);

        Assert.That((status.State, status.Message), Is.EqualTo((OcmState.LimitExceeded, status.Message)));
        Assert.That(status.Message, Does.Contain("3 MiB").And.Contain("--some-setting"));
    }

    [Test]
    public void A_control_plane_that_sends_too_much_blocks_its_OCM_and_the_message_has_the_limit()
    {
        const string Error = "LIST secrets: there are more than 5 objects (limit Objects)";
        ReadyStatus[] seen =
        [
            Planner.Plan(WithObjects with { ControlPlane = ObservedControlPlane.OverLimit(Error) }).Status,
            Planner.Plan(Deleting with { UserObjects = ObservedUserObjects.OverLimit(Error) }).Status,
            Planner.Plan(UninstalledWithObjects with { ControlPlane = ObservedControlPlane.OverLimit(Error) }).Status,
        ];

        Assert.That(seen.Select(status => status.State), Has.All.EqualTo(OcmState.LimitExceeded));
        Assert.That(seen.Select(status => status.Message), Has.All.Contains("(limit Objects)").And.All.Contains(An.Ocm().Name));
    }

    [Test]
    public void An_OCM_beyond_a_limit_is_deleted_all_the_same() => Assert.That(
        Planner.Plan(Uninstalling[OcmState.Uninstalling] with { ExceededLimit = new ExceededLimit("n", "s", 2, 3) }).Status.State,
        Is.EqualTo(OcmState.Uninstalling));

    [Test]
    public void An_operation_that_is_delayed_has_no_effect_yet()
    {
        var requested = Complete.WithOcm(Annotated("reconcile"));

        Assert.That(Planner.Plan(requested).Steps, Is.Not.Empty);
        Assert.That(Planner.Plan(requested with { IsOperationDelayed = true }).Steps, Is.Empty);
        Assert.That(
            Planner.Plan(Uninstalling[OcmState.ReconcileRequested] with { IsOperationDelayed = true }).Status.State,
            Is.Not.EqualTo(OcmState.ReconcileRequested));
    }

    [Test]
    public void An_unreadable_object_on_the_control_plane_is_reported_by_name_and_neither_written_nor_deleted()
    {
        var installed = Planner.Plan(WithUnreadable(WithObjects));
        var deleted = Planner.Plan(WithUnreadable(UninstalledWithObjects));

        Assert.That(installed.Status.Message, Is.EqualTo(
            $"Control plane \"{An.Ocm().Name}\": Secret ocm-k8s-toolkit-system/{WithObjects.ControlPlane.Secrets[0].Name} cannot be read: "
            + "metadata.labels has the wrong type. It was not modified. The owner of the control plane must correct or delete it."));
        Assert.That(installed.Steps.Concat(deleted.Steps), Is.Empty);
        Assert.That((deleted.Status.State, deleted.Status.Message), Is.EqualTo((OcmState.ControlPlaneObjectUnreadable, installed.Status.Message)));
    }

    [Test]
    public void An_unreadable_object_on_the_control_plane_does_not_hold_up_the_others()
    {
        var start = WithUnreadable(WithObjects);
        var withoutNamespace = start with { ControlPlane = start.ControlPlane with { Namespace = null } };

        var steps = Planner.Plan(withoutNamespace).Steps;

        Assert.That(steps.Select(step => step.Kind), Is.EqualTo((ResourceKind[])[Kinds.Namespace]));
    }

    [Test]
    public void An_object_that_another_writer_overwrites_is_contested() =>
        Assert.That(ClusterErrors.OfContest(Step(TargetCluster.Platform)).State, Is.EqualTo(OcmState.Contested));

    [Test]
    public void Every_state_that_is_planned_is_covered_here() => Assert.That(
        Observed.Concat(FailedSteps.Keys).Append(OcmState.Contested), Is.EquivalentTo(Enum.GetValues<OcmState>().Except(NotPlanned)));

    [Test]
    public void The_installation_is_planned_for_each_of_its_states_and_for_no_other() => Assert.That(
        Planned(status => InstallPlanner.Plan(Complete, Complete.Ocm!, new InstallState(status, Inputs(Complete)), isForced: false)),
        Is.EquivalentTo(Installing.Keys.Except([OcmState.Gone, OcmState.Ignored, OcmState.Paused]).Concat(Unreadable)));

    [Test]
    public void The_deletion_is_planned_for_each_of_its_states_and_for_no_other() => Assert.That(
        Planned(status => DeletionPlanner.Plan(Deleting, Deleting.Ocm!, new DeletionState(status, []))),
        Is.EquivalentTo(
            Uninstalling.Keys.Except([OcmState.ReconcileRequested])
                .Concat(Unreadable).Concat([OcmState.Starting, OcmState.PlatformNotInstalled, OcmState.LimitExceeded])
                .Append(OcmState.ControlPlaneObjectUnreadable)));

    internal static Observation ObservationOf(OcmState state) =>
        Installing.GetValueOrDefault(state) ?? Uninstalling.GetValueOrDefault(state) ?? Overdue[state];

    private static IEnumerable<OcmState> Planned(Func<ReadyStatus, ReconcilePlan> plan) => Enum.GetValues<OcmState>().Where(state =>
    {
        try
        {
            return plan(new ReadyStatus(state, "Any.")).Status.State == state;
        }
        catch (UnreachableException)
        {
            return false;
        }
    });

    private static ChartInputs Inputs(Observation observation) =>
        observation.Config.TryResolve("0.4.0", out var inputs, out var error) ? inputs : throw new AssertionException(error.Message);

    private static PatchStep Step(TargetCluster cluster) => new(cluster, An.Identity.Api.Ocm, An.Ocm(), An.Ocm().Json);

    private static string Annotated(string operation) =>
        $$"""{ "metadata": { "annotations": { "{{Operation.Annotation}}": "{{operation}}" } } }""";

    private static Observation WithUnreadable(Observation observation)
    {
        var key = new ObjectKey(ObjectNames.ToolkitNamespace, observation.ControlPlane.Secrets[0].Name);
        var error = ApiErrors.Unreadable(Kinds.Secret, new UnreadableObject(key, "u", "9", "metadata.labels has the wrong type"));
        return observation with
        {
            ControlPlane = observation.ControlPlane with
            {
                Secrets = [.. observation.ControlPlane.Secrets.Skip(1)],
                Unreadable = UnreadableControlPlaneObjects.Of([(Kinds.Secret, key.Name, error)], (_, described) => described),
            },
        };
    }

    private static Observation NotServed(ResourceKind kind) =>
        Start with { StaleSources = [new StaleSource.NotServed("platform cluster", kind)] };

    private static Observation WithCaBundle(KubeObject? configMap)
    {
        var observation = Start.WithConfig(CaBundleReference);
        return observation with { CaBundle = CaBundle.Read(An.Identity, observation.Config, configMap) };
    }

    private static Observation AccessOverdue()
    {
        var since = An.Now.AddMinutes(-2);
        var observation = Requested.WithOcm(
            $$"""{ "status": { "conditions": [{ "type": "Ready", "status": "False", "lastTransitionTime": "{{since:o}}" }] } }""");
        return observation with
        {
            AccessRequest = observation.AccessRequest!.Patched($$"""{ "metadata": { "creationTimestamp": "{{since:o}}" } }"""),
        };
    }
}

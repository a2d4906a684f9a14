using System.Globalization;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Text;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Core.Model.States;

namespace ServiceProviderOcm.Core.Plan;

/// <summary>The state of an OCM that is to be installed: the first step of the installation that is not done yet.</summary>
/// <param name="Status">The state.</param>
/// <param name="Inputs">What is installed; <see cref="ChartInputs.None"/> if it is not known.</param>
internal sealed record InstallState(ReadyStatus Status, ChartInputs Inputs)
{
    /// <summary>The state whose steps are planned. It is not the reported one where that says only that the version is not on offer.</summary>
    public OcmState PlannedState { get; init; } = Status.State;

    public static InstallState Of(Observation observation, KubeObject ocm)
    {
        if (ClusterErrors.OfSources(observation.StaleSources, out var stale))
        {
            return new InstallState(stale, ChartInputs.None);
        }

        if (observation.ExceededLimit is { } exceeded)
        {
            return new InstallState(OfLimit(exceeded, ocm), ChartInputs.None);
        }

        if (!observation.Config.TryResolve(ocm.Json.Text("spec", "version") ?? "", out var inputs, out var unresolved))
        {
            var notOffered = observation.Revision.AwaitsNewest ? AwaitingNewest(ocm, unresolved) : unresolved;
            return unresolved.State == OcmState.VersionNotOffered && RetainedChart.Of(observation) is { } retained
                ? OfRetained(observation, ocm, retained, notOffered)
                : new InstallState(notOffered, ChartInputs.None);
        }

        // What the rollout has not reached yet is reported as it is, not as it will be.
        inputs = observation.Revision.IsHeld && RetainedChart.Of(observation) is { } held ? WithKnownSecrets(observation, held) : inputs;
        var state = InputChecks.HasError(observation, ocm, inputs, out var error) ? error : OfInputs(observation, ocm, inputs);
        return observation.Revision.NewestError is { } newestError
            ? Kept(observation, inputs, state, newestError)
            : new InstallState(state, inputs);
    }

    private static ReadyStatus AwaitingNewest(KubeObject ocm, ReadyStatus notOffered) => notOffered with
    {
        Message = $"Version {ForeignText.Quote(ocm.Text("spec", "version"))} is new in the ProviderConfig, and is installed once the "
            + "canaries of its rollout are available. A platform operator sees the rollout in the ProviderConfig's condition Progressing.",
    };

    private static ReadyStatus OfInputs(Observation observation, KubeObject ocm, ChartInputs inputs) =>
        !HasAccess(observation, ocm) ? OfAccess(observation, ocm)
        : observation.ForeignObjects is [var (kind, foreign), ..]
            ? ClusterErrors.OfForeign(TargetCluster.Platform, kind, foreign.Key, ManagedObjects.Labels(observation.Identity.Api))
        : OfRelease(observation, ocm, inputs);

    // Everything is done as if the version were on offer, only not reported so. A source Secret that only the removed version names is not
    // read any more, and its copies stay.
    private static InstallState OfRetained(Observation observation, KubeObject ocm, ChartInputs retained, ReadyStatus notOffered)
    {
        if (InputChecks.HasError(observation, ocm, WithKnownSecrets(observation, retained), out _))
        {
            return new InstallState(notOffered, ChartInputs.None);
        }

        return Kept(observation, retained, OfInputs(observation, ocm, retained), notOffered);
    }

    private static ChartInputs WithKnownSecrets(Observation observation, ChartInputs retained)
    {
        var (source, secrets) = (retained.Source, observation.SourceSecrets);
        return retained with
        {
            Source = source with
            {
                PullSecret = secrets.ContainsKey(source.PullSecret) ? source.PullSecret : "",
                ToolkitPullSecrets = [.. source.ToolkitPullSecrets.Where(secrets.ContainsKey)],
                Verification = secrets.ContainsKey(source.Verification?.Secret ?? "") ? source.Verification : null,
            },
        };
    }

    private static InstallState Kept(Observation observation, ChartInputs installed, ReadyStatus state, ReadyStatus reported)
    {
        var reference = ForeignText.Quote(installed.Reference, observation.Secrets);
        var error = state.Health == Health.Degraded ? $" {state.Message}" : "";
        return new InstallState(
            reported with { Message = $"{reported.Message} What is installed stays: {reference}.{error}" }, installed)
        {
            PlannedState = state.State,
        };
    }

    private static ReadyStatus OfLimit(ExceededLimit exceeded, KubeObject ocm)
    {
        var (actual, limit) = (
            exceeded.Actual.ToString(CultureInfo.InvariantCulture), exceeded.Limit.ToString(CultureInfo.InvariantCulture));
        return new ReadyStatus(
            OcmState.LimitExceeded,
            $"Namespace {ocm.Namespace} has {actual} OCMs, and the limit is {limit} ({exceeded.Setting}). "
                + $"OCM {ocm.Key} is among the newest, so it is not installed or updated. Delete OCMs that are not needed, or ask a platform operator to raise the limit.");
    }

    private static bool HasAccess(Observation observation, KubeObject ocm) =>
        observation.AccessRequest is { IsBeingDeleted: false } request
        && AccessRequests.IsManagedFor(request, observation.Identity.Api, ocm.Key)
        && AccessGrant.IsUsable(request);

    private static ReadyStatus OfAccess(Observation observation, KubeObject ocm)
    {
        var request = observation.AccessRequest;
        var key = new ObjectKey(observation.TenantNamespaceName, ObjectNames.AccessRequest(observation.Identity.Api, ocm.Name));
        var name = $"AccessRequest {key} on the platform cluster";
        if (request is null)
        {
            return new ReadyStatus(OcmState.AwaitingAccess, $"Waiting for the platform to grant {name}.");
        }

        if (!AccessRequests.IsManagedFor(request, observation.Identity.Api, ocm.Key))
        {
            var manager = ForeignText.Quote(request.Labels.GetValueOrDefault(ObjectNames.ManagedByLabel), observation.Secrets);
            return new ReadyStatus(
                OcmState.AccessRequestForeign,
                $"{name} is managed by another component (label {ObjectNames.ManagedByLabel}={manager}) and was not modified. Delete or "
                    + "rename it to continue.");
        }

        if (request.IsBeingDeleted)
        {
            return new ReadyStatus(
                OcmState.AccessRequestTerminating, $"Waiting for {name} to be deleted. It is created again after that.");
        }

        if (AccessGrant.IsDenied(request))
        {
            return new ReadyStatus(
                OcmState.AccessDenied, $"{name} was denied{Explanation(request, observation)}. A platform operator must resolve this.");
        }

        return WaitLimits.IsOverdue(observation, OcmState.AwaitingAccess)
            ? new ReadyStatus(
                OcmState.AccessOverdue,
                $"{name} was not granted within 1m{Explanation(request, observation)}. "
                    + "A platform operator must check that a cluster provider is running.")
            {
                AwaitedState = OcmState.AwaitingAccess,
            }
            : new ReadyStatus(OcmState.AwaitingAccess, $"Waiting for the platform to grant {name}{Explanation(request, observation)}.");
    }

    private static ReadyStatus OfRelease(Observation observation, KubeObject ocm, ChartInputs inputs)
    {
        var flux = OfFlux(observation, inputs);
        if (observation.Revision.IsHeld || !ControlPlaneObjects.AreNeeded(observation, inputs))
        {
            // Nothing is read there, either.
            return flux;
        }

        var controlPlane = observation.ControlPlane;
        return controlPlane switch
        {
            { IsOverLimit: true } => ClusterErrors.OfControlPlaneLimit(ocm.Name, controlPlane.Error, controlPlane.IsFixedLimit),
            { Status: ObservationStatus.Unreachable } => new ReadyStatus(
                OcmState.ControlPlaneUnreachable,
                $"Control plane \"{ocm.Name}\" is unreachable: {controlPlane.Error.TrimEnd('.')}. Image pull secrets and the CA bundle may "
                    + "be stale until it answers. If this lasts, a platform operator must check the control plane."),
            { IsKnown: true, Namespace.IsBeingDeleted: true } => new ReadyStatus(
                OcmState.ToolkitNamespaceTerminating,
                $"Waiting for namespace {ObjectNames.ToolkitNamespace} on control plane \"{ocm.Name}\" to be deleted. It is created again "
                    + "after that."),
            { IsKnown: true, Unreadable.Count: > 0 } => ClusterErrors.OfUnreadable(ocm.Name, observation),
            { IsKnown: true } => flux,
            _ when observation.HelmRelease is null =>
                new ReadyStatus(OcmState.AwaitingControlPlane, $"Connecting to control plane \"{ocm.Name}\"."),
            _ => flux.State == OcmState.Ready ? ReadyStatus.Unreported(OcmState.Reconnecting) : flux,
        };
    }

    private static ReadyStatus OfFlux(Observation observation, ChartInputs inputs)
    {
        const string Pull = "to pull the chart";
        const string Verify = "to verify the signature of the chart, which is not installed";
        const string Install = "to install the chart";
        const string Upgrade = "to upgrade the chart";
        const string CheckPull = "Check spec.version; a platform operator must check the chart URL and the image pull secret";
        const string CheckVerify =
            "What is installed stays. A platform operator must check the signature and spec.verify of the ProviderConfig";
        const string CheckInstall = "A platform operator must check the Helm values and the control plane";
        var source = observation.OciRepository;
        if (source is null)
        {
            return new ReadyStatus(OcmState.PullingChart, $"Waiting for Flux {Pull}.");
        }

        var pull = FluxStatus.OfSource(source, observation.Secrets);
        if (pull.State != FluxState.Ready || !(IsOf(source, inputs) || observation.Revision.IsHeld))
        {
            return pull.IsUnverified ? Describe(pull, Verify, CheckVerify, source, OcmState.VerificationFailed) : Describe(
                pull, Pull, CheckPull, source, pull.State switch
                {
                    FluxState.Failed => OcmState.PullFailed,
                    FluxState.Terminating or FluxState.TerminationFailed => OcmState.OciRepositoryTerminating,
                    _ => OcmState.PullingChart,
                });
        }

        var release = observation.HelmRelease;
        if (release is null)
        {
            return new ReadyStatus(OcmState.Installing, $"Waiting for Flux {Install}.");
        }

        var install = FluxStatus.OfRelease(release, source, observation.Secrets);
        return install.State == FluxState.Ready
            ? new ReadyStatus(OcmState.Ready, $"The OCM K8s Toolkit is installed from {inputs.Reference}.{WarningOf(observation)}")
            : Describe(install, install.IsUpgrade ? Upgrade : Install, CheckInstall, release, install.State switch
            {
                FluxState.Failed => install.IsUpgrade ? OcmState.UpgradeFailed : OcmState.InstallFailed,
                FluxState.Terminating or FluxState.TerminationFailed => OcmState.HelmReleaseTerminating,
                _ => install.IsUpgrade ? OcmState.Upgrading : OcmState.Installing,
            });
    }

    // What is about to be changed is not what is desired, even if Flux is done with it.
    private static bool IsOf(KubeObject source, ChartInputs inputs) =>
        source.Text("spec", "url") == inputs.Source.Url
        && source.Text("spec", "ref", "tag") == inputs.Tag
        && (source.Text("spec", "ref", "digest") ?? "") == inputs.Digest;

    private static string WarningOf(Observation observation) =>
        observation.VersionWarning is { } warning ? $" {warning.Message}" : "";

    private static ReadyStatus Describe(FluxStatus flux, string task, string fix, KubeObject fluxObject, OcmState state)
    {
        var name = $"{fluxObject.Text("kind")} {fluxObject.Key}";
        var detail = flux.Message.Length == 0 ? "." : $": {flux.Message}";
        return new ReadyStatus(state, flux.State switch
        {
            FluxState.Failed when flux.MissingPermissions.Length > 0 =>
                $"Flux failed {task} ({name}){detail.TrimEnd('.')}. {LacksPermissions(flux)}.",
            FluxState.Failed => $"Flux failed {task} ({name}){detail.TrimEnd('.')}. {fix}.",
            FluxState.Terminating or FluxState.TerminationFailed =>
                $"Waiting for {name} to be finalized by Flux. It is created again after that.",
            _ => $"Waiting for Flux {task} ({name}){detail}",
        });
    }

    /// <summary>What Flux lacks, and who must grant it; the end of a message.</summary>
    internal static string LacksPermissions(FluxStatus flux) =>
        $"Flux lacks permissions on the control plane: {flux.MissingPermissions}. A platform operator must add them to spec.access of the "
            + "ProviderConfig";

    private static string Explanation(KubeObject request, Observation observation) =>
        AccessGrant.Explanation(request, observation.Secrets) is { Length: > 0 } explanation ? $": {explanation.TrimEnd('.')}" : "";
}

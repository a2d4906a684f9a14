using ServiceProviderOcm.Core.Kubernetes.ServerSideApply;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;

namespace ServiceProviderOcm.Core.Plan;

/// <summary>Decides about an OCM that is to be installed. Nothing is written while the inputs are wrong.</summary>
internal static class InstallPlanner
{
    private static readonly TimeSpan AccessPatience = TimeSpan.FromMinutes(1);

    public static ReconcilePlan Plan(Observation observation, KubeObject ocm, bool isForced)
    {
        if (Failures.OfTroubles(observation.Troubles, out var isStarting) is { } trouble)
        {
            return ReconcilePlan.Report(trouble);
        }

        if (isStarting)
        {
            return ReconcilePlan.Nothing;
        }

        var (inputs, fault) = ChartInputs.Read(observation.Identity, ocm, observation.ProviderConfig);
        fault ??= InputChecks.Fault(observation, ocm, inputs!);
        if (fault is not null)
        {
            return ReconcilePlan.Report(fault);
        }

        var placements = Placements.Wanted(observation, inputs!);
        var access = PlanAccess(observation, ocm, placements.Count > 0, isForced);
        return access.Verdict is not null
            ? access
            : PlanRelease(observation, ocm, inputs!, placements, access.Steps, isForced);
    }

    // Without a verdict, access is granted and the plan may go on.
    private static ReconcilePlan PlanAccess(Observation observation, KubeObject ocm, bool hasPlacements, bool isForced)
    {
        List<PlanStep> steps = [];
        var finalizer = observation.Identity.Api.Finalizer;
        if (!ocm.Finalizers.Contains(finalizer))
        {
            steps.Add(new PatchStep(
                TargetCluster.Onboarding, observation.Identity.Api.Ocm, ocm.Key, MetadataPatches.AddFinalizer(ocm, finalizer)));
        }

        var desired = Manifests.AccessRequest(
            observation.Identity, ocm.Key, observation.TenantNamespaceName, hasPlacements || Placements.MayExist(observation));
        var observed = observation.AccessRequest;
        var name = $"AccessRequest {desired.Key} on the platform cluster";
        if (observed is not null && !AccessRequests.IsOurs(observed, observation.Identity.Api, ocm.Key))
        {
            return ReconcilePlan.Report(Verdict.Fault(
                Reasons.AccessRequestNotOurs,
                $"{name} belongs to somebody else, as its labels say, and is left untouched; its owner has to remove or rename it."));
        }

        if (observed is { IsBeingDeleted: true })
        {
            return new ReconcilePlan(
                AccessRequests.Release(observed),
                Verdict.Waiting(Reasons.AccessRequestPending, $"{name} is being deleted; a new one follows when it is gone."));
        }

        if (isForced || Drift.NeedsApply(desired, observed))
        {
            // One that has not been seen yet may still be there, and belong to somebody else.
            steps.Add(new ApplyStep(TargetCluster.Platform, Kinds.AccessRequest, desired) { IsForced = observed is not null });
        }

        if (observed is not null && AccessGrant.IsDenied(observed))
        {
            return new ReconcilePlan(steps, Verdict.Fault(
                Reasons.AccessRequestDenied, Explained($"{name} has been denied; the platform operator has to see to it", observed)));
        }

        if (observed is not null && AccessGrant.SecretName(observed) is not null)
        {
            return new ReconcilePlan(steps);
        }

        return new ReconcilePlan(steps, IsOverdue(observation, ocm, observed)
            ? Verdict.Fault(
                Reasons.AccessRequestOverdue,
                Explained($"{name} has still not been granted; the platform operator has to see whether a cluster provider is at work", observed))
            : Verdict.Waiting(Reasons.AccessRequestPending, Explained($"Waiting for the platform to grant {name}", observed)));
    }

    // Since the request was made, or since the OCM was last Ready, whichever is later.
    private static bool IsOverdue(Observation observation, KubeObject ocm, KubeObject? accessRequest)
    {
        var ready = ocm.ReadyCondition;
        var since = ready.Text("status") == "False" ? ready.Moment("lastTransitionTime") : null;
        return observation.Now - since > AccessPatience
            && observation.Now - accessRequest?.Json.Moment("metadata", "creationTimestamp") > AccessPatience;
    }

    // What an object refers to comes before it, and goes after it. The release is first created once the toolkit's pods will find
    // what they need on the control plane, unless that cannot be reached: Flux may reach it all the same.
    private static ReconcilePlan PlanRelease(
        Observation observation,
        KubeObject ocm,
        ChartInputs inputs,
        IReadOnlyList<(ResourceKind Kind, KubeObject Manifest)> placements,
        IReadOnlyList<PlanStep> before,
        bool isForced)
    {
        var (identity, tenant, bundle) = (observation.Identity, observation.TenantNamespaceName, observation.CaBundle);
        List<KubeObject> copies =
        [
            .. inputs.PullSecret is { } source
                ? [Manifests.SecretCopy(identity, ocm.Key, tenant, observation.SourceSecrets[source])]
                : Array.Empty<KubeObject>(),
            .. bundle is not null ? [Manifests.CaBundleSecret(identity, ocm.Key, tenant, bundle)] : Array.Empty<KubeObject>(),
        ];
        var repository = Manifests.OciRepository(identity, ocm.Key, tenant, inputs, bundle);
        var release = Manifests.HelmRelease(identity, ocm.Key, tenant, inputs, AccessGrant.SecretName(observation.AccessRequest!)!, bundle);
        var needs = placements.Count > 0 || Placements.MayExist(observation) ? ControlPlaneView.OwnObjects : ControlPlaneView.None;
        var pending = needs == ControlPlaneView.None ? null : PendingControlPlane(observation, ocm);
        var isHeldBack = observation.HelmRelease is null && pending is { Severity: Severity.Waiting };
        List<PlanStep> steps =
        [
            .. before,
            .. copies.SelectMany(copy => Bring(Kinds.Secret, copy, observation.SecretCopies.FirstOrDefault(there => there.Name == copy.Name))),
            .. Bring(Kinds.OciRepository, repository, observation.OciRepository),
            .. Placements.Bring(observation, placements, isForced),
            .. isHeldBack ? [] : Bring(Kinds.HelmRelease, release, observation.HelmRelease),
            .. observation.SecretCopies
                .Where(there => !there.IsBeingDeleted && copies.TrueForAll(copy => copy.Name != there.Name))
                .Select(there => new DeleteStep(TargetCluster.Platform, Kinds.Secret, there)),
            .. Placements.Prune(observation, placements),
        ];
        return new ReconcilePlan(steps, VerdictOf(pending, observation, inputs), needs);

        IEnumerable<PlanStep> Bring(ResourceKind kind, KubeObject desired, KubeObject? observed) =>
            Converge.Steps(TargetCluster.Platform, kind, desired, observed, observation, isForced);
    }

    private static Verdict? PendingControlPlane(Observation observation, KubeObject ocm)
    {
        var seen = observation.ControlPlane;
        return seen switch
        {
            { Problem: { } problem } => Verdict.Fault(
                Reasons.ControlPlaneUnreachable,
                $"Control plane \"{ocm.Name}\" cannot be looked at, so that image pull secrets and CA bundle may be missing or out of "
                    + $"date there: {problem.TrimEnd('.')}. It is tried again; if this lasts, the platform operator has to see to the "
                    + "control plane."),
            { IsKnown: false } => Verdict.Waiting(Reasons.ControlPlanePending, $"Connecting to control plane \"{ocm.Name}\"."),
            { Namespace.IsBeingDeleted: true } => Verdict.Waiting(
                Reasons.ControlPlanePending,
                $"Namespace {Manifests.ToolkitNamespace} on control plane \"{ocm.Name}\" is being deleted; it is made anew when it is gone."),
            _ => null,
        };
    }

    // Ready is not taken back, nor told, while a connection is only being made.
    private static Verdict? VerdictOf(Verdict? pending, Observation observation, ChartInputs inputs)
    {
        var flux = VerdictOfFlux(observation, inputs);
        return pending switch
        {
            null => flux,
            { Severity: Severity.Fault } => pending,
            _ when observation.HelmRelease is null || observation.ControlPlane.IsKnown => pending,
            _ => flux.Phase == Phase.Ready ? null : flux,
        };
    }

    private static Verdict VerdictOfFlux(Observation observation, ChartInputs inputs) =>
        NotReady(
            observation.OciRepository,
            FluxReadiness.Of,
            Kinds.OciRepository,
            Reasons.OciRepositoryNotReady,
            Reasons.OciRepositoryFailed,
            "to pull the chart")
        ?? NotReady(
            observation.HelmRelease,
            release => FluxReadiness.OfRelease(release, observation.OciRepository),
            Kinds.HelmRelease,
            Reasons.HelmReleaseNotReady,
            Reasons.HelmReleaseFailed,
            "to install the chart")
        ?? Verdict.Ready($"The OCM K8s Toolkit is installed from {inputs.Url}:{inputs.Tag}.");

    private static Verdict? NotReady(
        KubeObject? fluxObject,
        Func<KubeObject, FluxReadiness> read,
        ResourceKind kind,
        string reason,
        string failedReason,
        string task)
    {
        if (fluxObject is null)
        {
            return Verdict.Waiting(reason, $"Waiting for Flux {task}.");
        }

        var readiness = read(fluxObject);
        var name = $"{kind.Kind} {fluxObject.Key}";
        return readiness switch
        {
            { Phase: Phase.Ready } => null,
            { Phase: Phase.Terminating } => Verdict.Waiting(reason, $"{name} is being deleted; a new one follows when it is gone."),
            { HasFailed: true, Message.Length: > 0 } => Verdict.Fault(failedReason, $"Flux has failed {task} ({name}): {readiness.Message}"),
            { HasFailed: true } => Verdict.Fault(failedReason, $"Flux has failed {task} ({name})."),
            { Message.Length: > 0 } => Verdict.Waiting(reason, $"Waiting for Flux {task} ({name}): {readiness.Message}"),
            _ => Verdict.Waiting(reason, $"Waiting for Flux {task} ({name})."),
        };
    }

    private static string Explained(string message, KubeObject? request) =>
        request is not null && AccessGrant.Explanation(request) is { Length: > 0 } explanation ? $"{message}: {explanation}" : $"{message}.";
}

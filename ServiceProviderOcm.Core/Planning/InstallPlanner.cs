using ServiceProviderOcm.Core.Objects;
using ServiceProviderOcm.Core.Observe;
using ServiceProviderOcm.Core.Report;

namespace ServiceProviderOcm.Core.Planning;

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
        fault ??= CheckTenant(observation, ocm) ?? CheckPullSecret(observation, inputs!);
        if (fault is not null)
        {
            return ReconcilePlan.Report(fault);
        }

        var access = PlanAccess(observation, ocm, isForced);
        return access.Verdict is not null
            ? access
            : PlanRelease(observation, ocm, inputs!, access.Steps, isForced);
    }

    private static Verdict? CheckTenant(Observation observation, KubeObject ocm)
    {
        if (observation.TenantNamespace is null)
        {
            return Verdict.Fault(
                Reasons.TenantNamespaceMissing,
                $"There is no namespace {observation.TenantNamespaceName} on the platform cluster, so there is no control plane \"{ocm.Name}\" in {ocm.Namespace}; create the control plane, or replace the OCM by one that bears its control plane's name.");
        }

        if (observation.TenantNamespace.IsBeingDeleted)
        {
            return Verdict.Fault(
                Reasons.TenantNamespaceMissing,
                $"Namespace {observation.TenantNamespaceName} on the platform cluster is being deleted, and control plane \"{ocm.Name}\" with it; delete the OCM too.");
        }

        return observation.ClusterRequest is null
            ? Verdict.Fault(
                Reasons.ClusterRequestMissing,
                $"There is no ClusterRequest {observation.TenantNamespaceName}/{ocm.Name} on the platform cluster: control plane \"{ocm.Name}\" does not exist or has not asked for its cluster yet; an OCM must bear its control plane's name.")
            : null;
    }

    private static Verdict? CheckPullSecret(Observation observation, ChartInputs inputs)
    {
        if (inputs.PullSecret is not { } name)
        {
            return null;
        }

        var where = $"{observation.Identity.PodNamespace}/{name}";
        if (!observation.SourceSecrets.TryGetValue(name, out var source))
        {
            return Verdict.Fault(
                Reasons.ImagePullSecretMissing,
                $"There is no Secret {where} on the platform cluster, which ProviderConfig \"{observation.Identity.ProviderName}\" names as image pull secret; the platform operator has to create it.");
        }

        var type = source.Json.Text("type");
        return type != Manifests.PullSecretType
            ? Verdict.Fault(
                Reasons.ImagePullSecretWrongType,
                $"Secret {where} on the platform cluster is of type {type}; an image pull secret has to be of type {Manifests.PullSecretType}. The platform operator has to replace it.")
            : null;
    }

    // Without a verdict, access is granted and the plan may go on.
    private static ReconcilePlan PlanAccess(Observation observation, KubeObject ocm, bool isForced)
    {
        List<PlanStep> steps = [];
        var finalizer = observation.Identity.Api.Finalizer;
        if (!ocm.Finalizers.Contains(finalizer))
        {
            steps.Add(new PatchStep(
                TargetCluster.Onboarding, observation.Identity.Api.Ocm, ocm.Key, MetadataPatches.AddFinalizer(ocm, finalizer)));
        }

        var desired = Manifests.AccessRequest(observation.Identity, ocm.Key, observation.TenantNamespaceName);
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
            steps.Add(new ApplyStep(TargetCluster.Platform, Kinds.AccessRequest, desired));
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

    private static ReconcilePlan PlanRelease(
        Observation observation, KubeObject ocm, ChartInputs inputs, IReadOnlyList<PlanStep> before, bool isForced)
    {
        var identity = observation.Identity;
        var tenant = observation.TenantNamespaceName;
        List<PlanStep> steps = [.. before];
        List<string> wantedCopies = [];
        if (inputs.PullSecret is { } sourceName)
        {
            var desired = Manifests.SecretCopy(identity, ocm.Key, tenant, observation.SourceSecrets[sourceName]);
            var observed = observation.SecretCopies.FirstOrDefault(copy => copy.Name == desired.Name);
            wantedCopies.Add(desired.Name);
            steps.AddRange(observed is { IsBeingDeleted: false } && observed.Json.Text("type") != desired.Json.Text("type")
                ? [new DeleteStep(TargetCluster.Platform, Kinds.Secret, observed), new ApplyStep(TargetCluster.Platform, Kinds.Secret, desired)]
                : Bring(Kinds.Secret, desired, observed, observation, isForced));
        }

        var repository = Manifests.OciRepository(identity, ocm.Key, tenant, inputs);
        steps.AddRange(Bring(Kinds.OciRepository, repository, observation.OciRepository, observation, isForced));

        var kubeconfigSecret = AccessGrant.SecretName(observation.AccessRequest!)!;
        var release = Manifests.HelmRelease(identity, ocm.Key, tenant, inputs, kubeconfigSecret);
        steps.AddRange(Bring(Kinds.HelmRelease, release, observation.HelmRelease, observation, isForced));

        steps.AddRange(observation.SecretCopies
            .Where(copy => !wantedCopies.Contains(copy.Name) && !copy.IsBeingDeleted)
            .Select(copy => new DeleteStep(TargetCluster.Platform, Kinds.Secret, copy)));
        return new ReconcilePlan(steps, VerdictOfFlux(observation, inputs));
    }

    private static IEnumerable<PlanStep> Bring(
        ResourceKind kind, KubeObject desired, KubeObject? observed, Observation observation, bool isForced)
    {
        if (observed is { IsBeingDeleted: true })
        {
            yield break;
        }

        if (observed is not null && Drift.Removal(desired, observed, observation.ServerDefaults) is { } removal)
        {
            yield return new PatchStep(TargetCluster.Platform, kind, observed.Key, removal);
        }

        if (isForced || Drift.NeedsApply(desired, observed))
        {
            yield return new ApplyStep(TargetCluster.Platform, kind, desired);
        }
    }

    private static Verdict VerdictOfFlux(Observation observation, ChartInputs inputs) =>
        NotReady(
            observation.OciRepository, FluxReadiness.Of, Kinds.OciRepository, Reasons.OciRepositoryNotReady, Reasons.OciRepositoryFailed, "to pull the chart")
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
            { HasFailed: true } => Verdict.Fault(failedReason, readiness.Message.Length > 0 ? $"Flux has failed {task} ({name}): {readiness.Message}" : $"Flux has failed {task} ({name})."),
            { Message.Length: > 0 } => Verdict.Waiting(reason, $"Waiting for Flux {task} ({name}): {readiness.Message}"),
            _ => Verdict.Waiting(reason, $"Waiting for Flux {task} ({name})."),
        };
    }

    private static string Explained(string message, KubeObject? request) =>
        request is not null && AccessGrant.Explanation(request) is { Length: > 0 } explanation ? $"{message}: {explanation}" : $"{message}.";
}

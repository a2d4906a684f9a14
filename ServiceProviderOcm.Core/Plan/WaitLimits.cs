using System.Collections.Frozen;
using System.Globalization;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Text;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.States;
using static ServiceProviderOcm.Core.Model.States.OcmState;

namespace ServiceProviderOcm.Core.Plan;

/// <summary>
/// How long each wait may last, and the failure that it becomes after that. <c>docs/conditions.md</c> has the same table. Pure functions.
/// </summary>
public static class WaitLimits
{
    // Flux ends a Helm action after 5 minutes by itself, and works on few at a time.
    private const int HelmFactor = 3;

    private const string CheckSource = "A platform operator must check that source-controller runs, and why it does not act on";
    private const string CheckHelm = "A platform operator must check that helm-controller runs, and why it does not act on";

    private static readonly TimeSpan AccessTimeout = TimeSpan.FromMinutes(1);

    private static readonly FrozenDictionary<OcmState, WaitLimit> Limits = new Dictionary<OcmState, WaitLimit>
    {
        [AwaitingAccess] = new(AccessOverdue, 0, _ => "A platform operator must check that a cluster provider is running."),
        [AwaitingAccessForDeletion] = new(
            AccessOverdue,
            1,
            observation => "A platform operator must check that a cluster provider is running, or, if the control plane is gone for good, "
                + DeleteClusterRequest(observation)),
        [AccessRequestTerminating] = new(AccessDeletionOverdue, 1, FinalizeAccessRequest),
        [DeletingAccessRequest] = new(AccessDeletionOverdue, 1, FinalizeAccessRequest),
        [AwaitingControlPlane] = new(
            ControlPlaneOverdue, 1, _ => "A platform operator must check that the control plane answers in time."),
        [Reconnecting] = new(
            ControlPlaneOverdue, 1, _ => "A platform operator must check that the control plane answers in time."),
        [ToolkitNamespaceTerminating] = new(
            ControlPlaneOverdue,
            1,
            _ => "The owner of the control plane must remove what blocks the namespace: "
                + $"kubectl get namespace {ObjectNames.ToolkitNamespace} --output=yaml names it in status.conditions."),
        [CheckingUserObjects] = new(
            ControlPlaneOverdue,
            1,
            observation => "A platform operator must check that the control plane answers in time, or, if it is gone for good, "
                + DeleteClusterRequest(observation)),
        [DeletingControlPlaneObjects] = new(
            ControlPlaneOverdue,
            1,
            observation => "The owner of the control plane must check the finalizers of ConfigMaps and Secrets in namespace "
                + $"{ObjectNames.ToolkitNamespace}. If the control plane is gone for good, a platform operator must "
                + DeleteClusterRequest(observation)),
        [PullingChart] = new(OciRepositoryOverdue, 1, observation => Check(CheckSource, "ocirepository", observation)),
        [OciRepositoryTerminating] = new(OciRepositoryOverdue, 1, observation => Check(CheckSource, "ocirepository", observation)),
        [DeletingOciRepository] = new(OciRepositoryOverdue, 1, observation => Check(CheckSource, "ocirepository", observation)),
        [Installing] = new(HelmReleaseOverdue, HelmFactor, observation => Check(CheckHelm, "helmrelease", observation)),
        [Upgrading] = new(HelmReleaseOverdue, HelmFactor, observation => Check(CheckHelm, "helmrelease", observation)),
        [HelmReleaseTerminating] = new(HelmReleaseOverdue, HelmFactor, observation => Check(CheckHelm, "helmrelease", observation)),
        [Uninstalling] = new(HelmReleaseOverdue, HelmFactor, observation => Check(CheckHelm, "helmrelease", observation)),
        [DeletingSecretCopies] = new(
            SecretDeletionOverdue,
            1,
            observation => $"A platform operator must have the finalizers removed that others have set on them: kubectl --namespace "
                + $"{observation.TenantNamespaceName} get secrets --selector={ObjectNames.AppManagedByLabel}={ObjectNames.AppManagedBy} "
                + "--output=yaml lists them."),
    }.ToFrozenDictionary();

    /// <summary>The states that are limited, and the failure that each becomes.</summary>
    internal static IEnumerable<(OcmState Waiting, OcmState Overdue)> Known => Limits.Select(limit => (limit.Key, limit.Value.Overdue));

    /// <summary>The state, or the failure that it has become because it has lasted too long.</summary>
    /// <param name="observation">The observation.</param>
    /// <param name="status">The state without regard to how long it has lasted.</param>
    public static ReadyStatus Bounded(Observation observation, ReadyStatus status) =>
        IsOverdue(observation, status.State) && Limits[status.State] is var limit
            ? new ReadyStatus(
                limit.Overdue,
                $"{Subject(observation, status).TrimEnd('.')}. This has lasted for more than "
                    + $"{Text(LimitOf(observation, limit))}. {limit.Fix(observation)}")
            {
                IsBeingDeleted = status.IsBeingDeleted,
                AwaitedState = status.State,
            }
            : status;

    /// <summary>Whether a state has lasted too long.</summary>
    /// <param name="observation">The observation.</param>
    /// <param name="state">The state.</param>
    public static bool IsOverdue(Observation observation, OcmState state) =>
        Limits.TryGetValue(state, out var limit)
        && SinceWhen(observation, state) is { } since
        && observation.Now - since >= LimitOf(observation, limit);

    /// <summary>How long it takes until a state has lasted too long; null if it has, or may last.</summary>
    /// <param name="observation">The observation.</param>
    /// <param name="state">The state.</param>
    public static TimeSpan? Remaining(Observation observation, OcmState state)
    {
        if (!Limits.TryGetValue(state, out var limit) || IsOverdue(observation, state))
        {
            return null;
        }

        return LimitOf(observation, limit) - (observation.Now - (SinceWhen(observation, state) ?? observation.Now));
    }

    // Deletions and the wait for access are timed by the objects, so that they continue to count after a restart of the controller.
    private static DateTimeOffset? SinceWhen(Observation observation, OcmState state)
    {
        var deleted = state switch
        {
            AccessRequestTerminating or DeletingAccessRequest when ForeignFinalizers(observation).Count > 0 => observation.AccessRequest,
            OciRepositoryTerminating or DeletingOciRepository => observation.OciRepository,
            HelmReleaseTerminating or Uninstalling => observation.HelmRelease,
            ToolkitNamespaceTerminating => observation.ControlPlane.Namespace,
            _ => null,
        };
        DateTimeOffset? observed = observation.Wait.State == state ? observation.Wait.Since : null;
        return deleted?.Json.Moment("metadata", "deletionTimestamp")
            ?? (state == AwaitingAccess && RequestedAt(observation) is { } requested && (observed is null || requested <= observed) ? requested : observed);
    }

    // When the AccessRequest was made, or the OCM was last Ready, whichever is later.
    private static DateTimeOffset? RequestedAt(Observation observation) =>
        observation.AccessRequest?.Json.Moment("metadata", "creationTimestamp") is { } created
        && observation.Ocm?.ReadyCondition is { } ready
        && ready.Text("status") == "False"
        && ready.Moment("lastTransitionTime") is { } changed
            ? (created > changed ? created : changed)
            : null;

    private static TimeSpan LimitOf(Observation observation, WaitLimit limit) =>
        limit.Factor == 0 ? AccessTimeout : observation.WaitTimeout * limit.Factor;

    private static string Subject(Observation observation, ReadyStatus status) => status.Message.Length > 0
        ? status.Message
        : $"Connecting to control plane \"{observation.Ocm!.Name}\"";

    private static List<string> ForeignFinalizers(Observation observation) =>
        [.. observation.AccessRequest?.Finalizers.Where(finalizer => finalizer != ObjectNames.AccessFinalizer) ?? []];

    private static string FinalizeAccessRequest(Observation observation)
    {
        if (observation.AccessRequest is not { } request)
        {
            return "";
        }

        const string Resource = "accessrequests.clusters.openmcp.cloud";
        var kubectl = $"kubectl --namespace {request.Namespace}";
        var foreign = ForeignFinalizers(observation);
        if (foreign.Count == 0)
        {
            return $"A platform operator must check why it stays: {kubectl} get {Resource} {request.Name} --output=yaml";
        }

        var names = string.Join(", ", foreign.Select(finalizer => ForeignText.Quote(finalizer, observation.Secrets)));
        var cluster = request.Text("spec", "clusterRef", "name") is { Length: > 0 } name && DnsNames.IsSubdomain(name)
            ? $"Cluster \"{name}\""
            : "its Cluster";
        return $"The cluster provider must remove finalizer {names}; a platform operator must check that it is running. If {cluster} "
            + "is gone, it never does, and a platform operator must remove the finalizers: "
            + $"{kubectl} patch {Resource} {request.Name} --type=merge --patch='{{\"metadata\":{{\"finalizers\":null}}}}'";
    }

    private static string Check(string attempt, string resource, Observation observation) =>
        $"{attempt} the object: kubectl --namespace {observation.TenantNamespaceName} describe {resource} {ObjectNames.Flux}";

    private static string DeleteClusterRequest(Observation observation) =>
        $"delete its ClusterRequest: kubectl --namespace {observation.TenantNamespaceName} delete "
            + $"{PlatformKinds.ClusterRequest.QualifiedPlural} {observation.ClusterRequest?.Name}";

    private static string Text(TimeSpan span) => span.Ticks % TimeSpan.TicksPerMinute == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{span.TotalMinutes:0}m")
        : string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.###}s");

    /// <param name="Overdue">The failure that it becomes.</param>
    /// <param name="Factor">How many times the setting it may last; 0 for the time for granting access.</param>
    /// <param name="Fix">What to do, and who.</param>
    private sealed record WaitLimit(OcmState Overdue, int Factor, Func<Observation, string> Fix);
}

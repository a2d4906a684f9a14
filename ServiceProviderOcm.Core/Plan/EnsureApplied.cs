using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.ServerSideApply;
using ServiceProviderOcm.Core.Model;

namespace ServiceProviderOcm.Core.Plan;

/// <summary>The steps that apply the manifest of one object if it has drifted.</summary>
internal static class EnsureApplied
{
    private static readonly HashSet<string> NoDefaults = [];

    /// <summary>None without drift, or if it is being deleted: it is created again after that.</summary>
    public static IEnumerable<PlanStep> Steps(
        TargetCluster cluster, ResourceKind kind, KubeObject desired, KubeObject? observed, Observation observation, bool isForced)
    {
        if (observed is { IsBeingDeleted: true })
        {
            return [];
        }

        var apply = new ApplyStep(cluster, kind, desired);
        if (observed is null)
        {
            return [apply];
        }

        // Defaults of tenants' servers are not learned: their number has no bound.
        var defaults = cluster == TargetCluster.Platform ? observation.ServerDefaults : NoDefaults;
        var removal = Drift.Removal(desired, observed, defaults);
        var needsApply = Drift.NeedsApply(desired, observed);
        if (IsFixed(desired, observed) && (needsApply || removal is not null))
        {
            return [new DeleteStep(cluster, kind, observed), apply];
        }

        return
        [
            .. removal is { } patch ? [new PatchStep(cluster, kind, observed.Key, patch)] : Array.Empty<PlanStep>(),
            .. isForced || needsApply ? [apply] : Array.Empty<PlanStep>(),
        ];
    }

    // A Secret's type cannot be changed, nor can anything in a Secret or ConfigMap that is declared immutable.
    private static bool IsFixed(KubeObject desired, KubeObject observed) =>
        desired.Text("type") != observed.Text("type")
        || observed.At("immutable") is { ValueKind: JsonValueKind.True };
}

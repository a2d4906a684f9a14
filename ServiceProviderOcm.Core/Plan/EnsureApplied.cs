using System.Collections.Frozen;
using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.ServerSideApply;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.Configuration;

namespace ServiceProviderOcm.Core.Plan;

/// <summary>The steps that apply the manifest of one object if it has drifted.</summary>
internal static class EnsureApplied
{
    // The platform sets the cluster of an AccessRequest in its spec.
    private static readonly FrozenDictionary<ResourceKind, DriftRules> Rules = new Dictionary<ResourceKind, DriftRules>
    {
        [PlatformKinds.HelmRelease] = new() { Untyped = [HelmValues.Path] },
        [PlatformKinds.AccessRequest] = new() { Open = [["spec"]] },
        [Kinds.Secret] = new() { Untyped = [["data"]] },
        [Kinds.ConfigMap] = new() { Untyped = [["data"]] },
    }.ToFrozenDictionary();

    /// <summary>None without drift, or if it is being deleted: it is created again after that.</summary>
    public static IEnumerable<PlanStep> Steps(
        TargetCluster cluster, ResourceKind kind, KubeObject desired, KubeObject? observed, Observation observation, bool isForced)
    {
        if (observed is null)
        {
            return [new ApplyStep(cluster, kind, desired, new ApplyTarget.Missing())];
        }

        if (observed.IsBeingDeleted)
        {
            return [];
        }

        // Changes by tenants' servers are not remembered: their number has no bound.
        var drift = Drift.Between(
            desired, observed, cluster == TargetCluster.Platform ? RulesOf(kind, observation) : Rules.GetValueOrDefault(kind, DriftRules.None));
        if (IsFixed(desired, observed) && !drift.IsNone)
        {
            return [new DeleteStep(cluster, kind, observed), new ApplyStep(cluster, kind, desired, new ApplyTarget.Missing())];
        }

        return
        [
            .. drift.Removal.IsEmpty
                ? Array.Empty<PlanStep>()
                : [new PatchStep(cluster, kind, observed, drift.Removal.ToMergePatch())],
            .. isForced || drift.NeedsApply
                ? [new ApplyStep(cluster, kind, desired, new ApplyTarget.Observed(observed.Uid))]
                : Array.Empty<PlanStep>(),
        ];
    }

    /// <summary>
    /// Whether the provider itself changes the object: it does not exist, a field must be applied, or one that the provider has applied is
    /// no longer desired. Fields that others have added are no change of the provider's.
    /// </summary>
    public static bool IsChange(ResourceKind kind, KubeObject desired, KubeObject? observed, Observation observation) =>
        IsChange(RulesOf(kind, observation), desired, observed);

    /// <summary>The same without regard to metadata, such as labels, which Flux does not act on.</summary>
    public static bool IsChangeOfSpec(ResourceKind kind, KubeObject desired, KubeObject? observed, Observation observation) =>
        IsChange(RulesOf(kind, observation) with { IgnoresMetadata = true }, desired, observed);

    private static bool IsChange(DriftRules rules, KubeObject desired, KubeObject? observed)
    {
        if (observed is null or { IsBeingDeleted: true })
        {
            return observed is null;
        }

        var drift = Drift.Between(desired, observed, rules);
        return drift.NeedsApply || drift.Removal.Paths.Any(removed => observed.Ownership.Applied.Any(own =>
            own.Take(removed.Count).SequenceEqual(removed, StringComparer.Ordinal)));
    }

    private static DriftRules RulesOf(ResourceKind kind, Observation observation) =>
        Rules.GetValueOrDefault(kind, DriftRules.None) with { Known = observation.ServerDefaults };

    // A Secret's type cannot be changed, nor can anything in a Secret or ConfigMap that is declared immutable.
    private static bool IsFixed(KubeObject desired, KubeObject observed) =>
        desired.Text("type") != observed.Text("type")
        || observed.At("immutable") is { ValueKind: JsonValueKind.True };
}

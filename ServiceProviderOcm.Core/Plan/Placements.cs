using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;

namespace ServiceProviderOcm.Core.Plan;

/// <summary>What we put on a tenant's control plane for the toolkit, and take away there again.</summary>
internal static class Placements
{
    /// <summary>The objects that are wanted there; none if nothing is configured that would need any.</summary>
    public static IReadOnlyList<(ResourceKind Kind, KubeObject Manifest)> Wanted(Observation observation, ChartInputs inputs) =>
    [
        .. observation.CaBundle is { } bundle
            ? [(Kinds.ConfigMap, Manifests.CaBundleConfigMap(observation.Identity, bundle))]
            : Array.Empty<(ResourceKind, KubeObject)>(),
        .. inputs.ToolkitPullSecrets.Select(name =>
            (Kinds.Secret, Manifests.ToolkitPullSecret(observation.Identity, observation.SourceSecrets[name]))),
    ];

    /// <summary>Whether something of ours may be there, as the AccessRequest has it.</summary>
    public static bool MayExist(Observation observation) =>
        observation.AccessRequest?.Annotations.ContainsKey(Manifests.PlacementAnnotation(observation.Identity.Api)) is true;

    /// <summary>Makes them as they are wanted.</summary>
    public static IEnumerable<PlanStep> Bring(
        Observation observation, IReadOnlyList<(ResourceKind Kind, KubeObject Manifest)> wanted, bool isForced)
    {
        var seen = observation.ControlPlane;
        if (!seen.IsKnown || wanted.Count == 0 || seen.Namespace is { IsBeingDeleted: true })
        {
            return [];
        }

        var present = Present(seen).ToDictionary(found => (found.Kind, found.Object.Name), found => found.Object);
        return
        [
            .. seen.Namespace is null
                ? [new ApplyStep(TargetCluster.ControlPlane, Kinds.Namespace, Manifests.Namespace())]
                : Array.Empty<PlanStep>(),
            .. wanted.SelectMany(each => Converge.Steps(
                TargetCluster.ControlPlane,
                each.Kind,
                each.Manifest,
                present.GetValueOrDefault((each.Kind, each.Manifest.Name)),
                observation,
                isForced)),
        ];
    }

    /// <summary>Takes away what is of ours there and no longer wanted, and at last the note that there is something.</summary>
    public static IEnumerable<PlanStep> Prune(Observation observation, IReadOnlyList<(ResourceKind Kind, KubeObject Manifest)> wanted)
    {
        var seen = observation.ControlPlane;
        if (!seen.IsKnown)
        {
            return [];
        }

        var left = Present(seen).Where(found => !wanted.Any(each => each.Kind == found.Kind && each.Manifest.Name == found.Object.Name)).ToList();
        return left.Count == 0 && wanted.Count == 0 && MayExist(observation)
            ? [new PatchStep(
                TargetCluster.Platform,
                Kinds.AccessRequest,
                observation.AccessRequest!.Key,
                MetadataPatches.RemoveAnnotation(Manifests.PlacementAnnotation(observation.Identity.Api)))]
            : left.Where(found => !found.Object.IsBeingDeleted)
                .Select(found => new DeleteStep(TargetCluster.ControlPlane, found.Kind, found.Object));
    }

    private static IEnumerable<(ResourceKind Kind, KubeObject Object)> Present(ObservedControlPlane seen) =>
        seen.ConfigMaps.Select(found => (Kinds.ConfigMap, found)).Concat(seen.Secrets.Select(found => (Kinds.Secret, found)));
}

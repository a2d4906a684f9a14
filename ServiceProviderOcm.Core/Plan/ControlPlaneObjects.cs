using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.Configuration;

namespace ServiceProviderOcm.Core.Plan;

/// <summary>The managed objects on a tenant's control plane, which the toolkit's pods need.</summary>
internal static class ControlPlaneObjects
{
    /// <summary>The objects that are wanted there; none if nothing is configured that needs any.</summary>
    public static IReadOnlyList<(ResourceKind Kind, KubeObject Manifest)> Desired(Observation observation, ChartInputs inputs) =>
    [
        .. observation.CaBundle.IsSet
            ? [(Kinds.ConfigMap, Manifests.CaBundleConfigMap(observation.Identity, observation.CaBundle))]
            : Array.Empty<(ResourceKind, KubeObject)>(),
        .. inputs.Source.ToolkitPullSecrets.Select(name =>
            (Kinds.Secret, Manifests.ToolkitPullSecret(observation.Identity, observation.SourceSecrets[name]))),
    ];

    /// <summary>Whether the control plane has to be watched: some are wanted, or may be there still.</summary>
    public static bool AreNeeded(Observation observation, ChartInputs inputs) =>
        observation.CaBundle.IsSet || inputs.Source.ToolkitPullSecrets.Count > 0 || observation.MayHaveControlPlaneObjects;

    /// <summary>The steps by which all of them are as they are wanted.</summary>
    public static IEnumerable<PlanStep> EnsureApplied(
        Observation observation, IReadOnlyList<(ResourceKind Kind, KubeObject Manifest)> desired, bool isForced)
    {
        var seen = observation.ControlPlane;
        if (!seen.IsKnown || desired.Count == 0 || seen.Namespace is { IsBeingDeleted: true })
        {
            return [];
        }

        var present = Present(seen).ToDictionary(found => (found.Kind, found.Object.Name), found => found.Object);
        return
        [
            .. seen.Namespace is null
                ? [new ApplyStep(TargetCluster.ControlPlane, Kinds.Namespace, Manifests.Namespace())]
                : Array.Empty<PlanStep>(),
            .. desired.SelectMany(each => Plan.EnsureApplied.Steps(
                TargetCluster.ControlPlane,
                each.Kind,
                each.Manifest,
                present.GetValueOrDefault((each.Kind, each.Manifest.Name)),
                observation,
                isForced)),
        ];
    }

    /// <summary>Deletes those that are no longer wanted, and after them the annotation that records that there are any.</summary>
    public static IEnumerable<PlanStep> Prune(Observation observation, IReadOnlyList<(ResourceKind Kind, KubeObject Manifest)> desired)
    {
        var seen = observation.ControlPlane;
        if (!seen.IsKnown)
        {
            return [];
        }

        var unwanted = Present(seen)
            .Where(found => !desired.Any(each => each.Kind == found.Kind && each.Manifest.Name == found.Object.Name))
            .ToList();
        return unwanted.Count == 0 && desired.Count == 0 && observation.MayHaveControlPlaneObjects
            ? [new PatchStep(
                TargetCluster.Platform,
                PlatformKinds.AccessRequest,
                observation.AccessRequest!.Key,
                MetadataPatches.RemoveAnnotation(ObjectNames.ControlPlaneObjectsAnnotation(observation.Identity.Api)))]
            : unwanted.Where(found => !found.Object.IsBeingDeleted)
                .Select(found => new DeleteStep(TargetCluster.ControlPlane, found.Kind, found.Object));
    }

    private static IEnumerable<(ResourceKind Kind, KubeObject Object)> Present(ObservedControlPlane seen) =>
        seen.ConfigMaps.Select(found => (Kinds.ConfigMap, found)).Concat(seen.Secrets.Select(found => (Kinds.Secret, found)));
}

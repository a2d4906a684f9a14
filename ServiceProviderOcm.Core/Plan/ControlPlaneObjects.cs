using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.Configuration;

namespace ServiceProviderOcm.Core.Plan;

/// <summary>The managed objects on a tenant's control plane, which the toolkit's pods need.</summary>
internal static class ControlPlaneObjects
{
    /// <summary>The maximum number of objects that one plan deletes. The next plan, after they are deleted, has others.</summary>
    public const int MostPruned = 100;

    /// <summary>The desired objects; none if the configuration needs none.</summary>
    public static IReadOnlyList<(ResourceKind Kind, KubeObject Manifest)> Desired(Observation observation, ChartInputs inputs) =>
    [
        .. observation.CaBundle.IsSet
            ? [(Kinds.ConfigMap, Manifests.CaBundleConfigMap(observation.Identity, observation.CaBundle))]
            : Array.Empty<(ResourceKind, KubeObject)>(),
        .. inputs.Source.ToolkitPullSecrets.Where(observation.SourceSecrets.ContainsKey).Select(name =>
            (Kinds.Secret, Manifests.ToolkitPullSecret(
                observation.Identity, observation.SourceSecrets[name], observation.ControlPlane.Secrets))),
    ];

    /// <summary>Whether the control plane must be watched: objects are desired, or may exist from earlier.</summary>
    public static bool AreNeeded(Observation observation, ChartInputs inputs) =>
        observation.CaBundle.IsSet || inputs.Source.ToolkitPullSecrets.Count > 0 || observation.MayHaveControlPlaneObjects;

    /// <summary>What is watched of the control plane of an OCM that is installed.</summary>
    public static ControlPlaneScope ScopeOf(Observation observation, ChartInputs inputs) =>
        (AreNeeded(observation, inputs) ? ControlPlaneScope.ManagedObjects : ControlPlaneScope.None)
            | (observation.RecordsUnlabelledCopies ? ControlPlaneScope.UnlabelledSecrets : ControlPlaneScope.None);

    /// <summary>The steps that apply the desired objects where they are missing or have drifted.</summary>
    public static IEnumerable<PlanStep> EnsureApplied(
        Observation observation, IReadOnlyList<(ResourceKind Kind, KubeObject Manifest)> desired, bool isForced)
    {
        var observed = observation.ControlPlane;
        if (!observed.IsKnown || desired.Count == 0 || observed.Namespace is { IsBeingDeleted: true })
        {
            return [];
        }

        var present = Present(observed).ToList();
        return
        [
            .. observed.Namespace is null && !observed.Unreadable.Has(Kinds.Namespace, ObjectNames.ToolkitNamespace)
                ? [new ApplyStep(TargetCluster.ControlPlane, Kinds.Namespace, Manifests.Namespace(), new ApplyTarget.Common())]
                : Array.Empty<PlanStep>(),
            .. desired.Where(each => !observed.Unreadable.Has(each.Kind, each.Manifest.Name)).SelectMany(each => Plan.EnsureApplied.Steps(
                TargetCluster.ControlPlane,
                each.Kind,
                each.Manifest,
                present.FirstOrDefault(found => found.Kind == each.Kind && found.Object.Key == each.Manifest.Key).Object,
                observation,
                isForced)),
        ];
    }

    /// <summary>Deletes objects that are no longer desired, and then the annotation that records that some exist.</summary>
    /// <param name="observation">The observation.</param>
    /// <param name="desired">The desired objects.</param>
    /// <param name="kept">The names of Secrets that stay, also if their sources are not known.</param>
    public static IEnumerable<PlanStep> Prune(
        Observation observation, IReadOnlyList<(ResourceKind Kind, KubeObject Manifest)> desired, IReadOnlyList<string> kept)
    {
        var observed = observation.ControlPlane;
        if (!observed.IsKnown)
        {
            return [];
        }

        var unwanted = Present(observed)
            .Where(found => !observed.Unreadable.Has(found.Kind, found.Object.Name)
                && !(found.Kind == Kinds.Secret && kept.Contains(found.Object.Name))
                && !desired.Any(each => each.Kind == found.Kind && each.Manifest.Name == found.Object.Name))
            .ToList();
        var isEmpty = unwanted.Count == 0 && observed.Unreadable.Count == 0 && !observation.IsControlPlaneBusy;
        return isEmpty && desired.Count == 0 && kept.Count == 0 && observation.MayHaveControlPlaneObjects
            ? [new PatchStep(
                TargetCluster.Platform,
                PlatformKinds.AccessRequest,
                observation.AccessRequest!,
                RemoveRecord(observation))]
            : unwanted.Where(found => !found.Object.IsBeingDeleted)
                .Take(MostPruned)
                .Select(found => new DeleteStep(TargetCluster.ControlPlane, found.Kind, found.Object));
    }

    /// <summary>
    /// Deletes copies of the Go provider that are no longer referred to, and then the annotation that records that there may be some. Those
    /// that are referred to have labels once they are applied.
    /// </summary>
    /// <param name="observation">The observation.</param>
    /// <param name="kept">The names of Secrets that stay.</param>
    public static IEnumerable<PlanStep> PruneUnlabelled(Observation observation, IReadOnlyList<string> kept)
    {
        if (!observation.RecordsUnlabelledCopies || observation.UnlabelledSecrets is not { } found)
        {
            return [];
        }

        var copies = found.Where(ManagedObjects.IsUnlabelledCopy).ToList();
        return copies.Count == 0
            ? [new PatchStep(
                TargetCluster.Platform,
                PlatformKinds.AccessRequest,
                observation.AccessRequest!,
                MetadataPatches.RemoveAnnotation(ObjectNames.UnlabelledCopiesAnnotation(observation.Identity.Api)))]
            : copies.Where(copy => !copy.IsBeingDeleted && !kept.Contains(copy.Name))
                .Take(MostPruned)
                .Select(copy => new DeleteStep(TargetCluster.ControlPlane, Kinds.Secret, copy) { IsOfVersion = true });
    }

    /// <summary>
    /// Whether a step removes what managed objects on the control plane are found by later: the annotation that records them, or the access
    /// to the control plane.
    /// </summary>
    public static bool AreLostBy(PlanStep step, Observation observation) =>
        step.Kind == PlatformKinds.AccessRequest
        && observation is { ClusterRequest: not null, MayHaveControlPlaneObjects: true }
        && (step is DeleteStep
            || (step is PatchStep { Patch: var patch } && JsonElement.DeepEquals(patch, RemoveRecord(observation))));

    private static JsonElement RemoveRecord(Observation observation) =>
        MetadataPatches.RemoveAnnotation(ObjectNames.ControlPlaneObjectsAnnotation(observation.Identity.Api));

    private static IEnumerable<(ResourceKind Kind, KubeObject Object)> Present(ObservedControlPlane observed) =>
        observed.ConfigMaps.Select(found => (Kinds.ConfigMap, found)).Concat(observed.Secrets.Select(found => (Kinds.Secret, found)));
}

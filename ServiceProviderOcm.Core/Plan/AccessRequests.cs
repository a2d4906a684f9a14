using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;

namespace ServiceProviderOcm.Core.Plan;

/// <summary>Rules for AccessRequests.</summary>
internal static class AccessRequests
{
    /// <summary>Whether its labels say that it is managed for this OCM.</summary>
    public static bool IsManagedFor(KubeObject accessRequest, ProviderApi api, ObjectKey ocm)
    {
        var labels = accessRequest.Labels;
        return ObjectNames.AccessRequestLabels(api, ocm).All(label => labels.GetValueOrDefault(label.Key) == label.Value);
    }

    /// <summary>Removes the provider's finalizer from one that is being deleted, when it is the only one left.</summary>
    public static IReadOnlyList<PlanStep> RemoveFinalizer(KubeObject accessRequest) =>
        accessRequest.Finalizers is [ObjectNames.AccessFinalizer]
            ? [new PatchStep(
                TargetCluster.Platform,
                PlatformKinds.AccessRequest,
                accessRequest,
                MetadataPatches.RemoveFinalizer(accessRequest, ObjectNames.AccessFinalizer))]
            : [];
}

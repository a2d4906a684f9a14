using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;

namespace ServiceProviderOcm.Core.Plan;

/// <summary>Rules for AccessRequests.</summary>
internal static class AccessRequests
{
    /// <summary>
    /// Whether it is managed for this OCM: its labels say so, or some of them are missing and it was written for the OCM by this provider.
    /// </summary>
    public static bool IsManagedFor(KubeObject accessRequest, ProviderApi api, ObjectKey ocm)
    {
        var (labels, managed) = (accessRequest.Labels, ObjectNames.AccessRequestLabels(api, ocm));
        return managed.All(label => labels.GetValueOrDefault(label.Key) == label.Value)
            || (managed.All(label => labels.GetValueOrDefault(label.Key, label.Value) == label.Value)
                && accessRequest.Text("spec", "requestRef", "name") == ocm.Name
                && ManagedObjects.IsWrittenAccessRequest(accessRequest, api));
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

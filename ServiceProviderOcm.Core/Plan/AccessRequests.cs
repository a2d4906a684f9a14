using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;

namespace ServiceProviderOcm.Core.Plan;

/// <summary>What we may do with an AccessRequest.</summary>
internal static class AccessRequests
{
    public static bool IsOurs(KubeObject accessRequest, ProviderApi api, ObjectKey ocm)
    {
        var labels = accessRequest.Labels;
        return Manifests.AccessRequestMarks(api, ocm).All(mark => labels.GetValueOrDefault(mark.Key) == mark.Value);
    }

    /// <summary>Lets go of one that is being deleted, once nobody but us holds it.</summary>
    public static IReadOnlyList<PlanStep> Release(KubeObject accessRequest) =>
        accessRequest.Finalizers is [Manifests.AccessFinalizer]
            ? [new PatchStep(
                TargetCluster.Platform,
                Kinds.AccessRequest,
                accessRequest.Key,
                MetadataPatches.RemoveFinalizer(accessRequest, Manifests.AccessFinalizer))]
            : [];
}

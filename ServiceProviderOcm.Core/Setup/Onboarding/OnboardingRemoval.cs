using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;

namespace ServiceProviderOcm.Core.Setup.Onboarding;

/// <summary>Removes access to the onboarding cluster that is not needed any more.</summary>
public static class OnboardingRemoval
{
    /// <summary>Deletes the AccessRequest and the ClusterRequest, if this provider has made them.</summary>
    /// <param name="platform">The platform cluster.</param>
    /// <param name="identity">The identity of the provider, with the API group of the requests.</param>
    /// <param name="purpose">What access was requested for.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    /// <exception cref="KubernetesApiException">A request failed.</exception>
    public static async Task RemoveAsync(
        IKubernetesApi platform, Identity identity, OnboardingPurpose purpose, CancellationToken cancellationToken)
    {
        var key = OnboardingRequests.Key(identity, purpose);
        foreach (var kind in new[] { PlatformKinds.AccessRequest, PlatformKinds.ClusterRequest })
        {
            if (await platform.FindAsync(kind, key, cancellationToken) is { IsBeingDeleted: false } found && IsOwn(identity, found))
            {
                await DeleteAsync(platform, kind, found, cancellationToken);
            }
        }
    }

    private static bool IsOwn(Identity identity, KubeObject request) =>
        request.Labels.GetValueOrDefault(ObjectNames.ManagedByLabel) == ObjectNames.LabelValue(identity.Api.Group)
        && request.Labels.GetValueOrDefault(ObjectNames.ProviderLabel(identity.Api)) == ObjectNames.LabelValue(identity.ProviderName);

    private static async Task DeleteAsync(
        IKubernetesApi platform, ResourceKind kind, KubeObject found, CancellationToken cancellationToken)
    {
        try
        {
            await platform.DeleteAsync(kind, found.Key, new DeleteRequest(Uid: found.Uid), cancellationToken);
        }
        catch (KubernetesApiException exception) when (exception.IsNotFound)
        {
            // Deleted meanwhile.
        }
    }
}

using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;

namespace ServiceProviderOcm.Core.Setup.Onboarding;

/// <summary>Removes permissions on the onboarding cluster that nobody needs any more.</summary>
public static class OnboardingReduction
{
    /// <summary>
    /// Reduces an AccessRequest to what it is needed for. The Go provider and other releases request more, under the same name: call it when
    /// none of them works any more.
    /// </summary>
    /// <param name="platform">The platform cluster.</param>
    /// <param name="identity">The identity of the provider.</param>
    /// <param name="purpose">What access is needed for.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    /// <returns>Whether it was changed.</returns>
    /// <exception cref="KubernetesApiException">A request failed.</exception>
    public static async Task<bool> ReduceAsync(
        IKubernetesApi platform, Identity identity, OnboardingPurpose purpose, CancellationToken cancellationToken)
    {
        var key = OnboardingRequests.Key(identity, purpose);
        if (await platform.FindAsync(PlatformKinds.AccessRequest, key, cancellationToken) is not { IsBeingDeleted: false } found
            || OnboardingRequests.AccessRequest(identity, purpose, found) is var request && OnboardingRequests.IsAs(found, request))
        {
            return false;
        }

        await platform.ApplyAsync(PlatformKinds.AccessRequest, request, isForced: true, cancellationToken);
        return true;
    }
}

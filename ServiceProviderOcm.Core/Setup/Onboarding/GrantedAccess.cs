using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Kubeconfig;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;

namespace ServiceProviderOcm.Core.Setup.Onboarding;

/// <summary>Finds the access to the onboarding cluster that the platform has granted before, and asks for none.</summary>
public sealed class GrantedAccess(
    IKubernetesApi platform, Identity identity, ControlPlaneConnector connector, InformerFactory informers)
{
    private const string OrBring = "or give a kubeconfig of the onboarding cluster with --onboarding-kubeconfig";

    /// <summary>Looks for it.</summary>
    /// <param name="purpose">What access was granted for.</param>
    /// <param name="onTrouble">Told what is wrong with it later: it is followed as it is renewed. Null to look once.</param>
    /// <param name="cancellationToken">Cancels the requests, and ends the following.</param>
    /// <exception cref="KubernetesApiException">The platform cluster refuses or cannot be reached.</exception>
    public async Task<OnboardingGrant> FindAsync(
        OnboardingPurpose purpose, Action<string>? onTrouble, CancellationToken cancellationToken)
    {
        var key = OnboardingRequests.Key(identity, purpose);
        var name = $"AccessRequest {key} on the {platform.ClusterName}";
        if (await platform.FindAsync(Kinds.AccessRequest, key, cancellationToken) is not { } request)
        {
            return No(
                $"Access to the onboarding cluster has not been asked for: there is no {name}.",
                $"Start the controller, which asks for it, in namespace {identity.PodNamespace}; {OrBring}.") with
            { IsAsked = false };
        }

        if (AccessGrant.IsDenied(request))
        {
            return No(
                $"{name} has been denied. {AccessGrant.Explanation(request)}".TrimEnd(),
                $"See to what the cluster provider says; {OrBring}.");
        }

        if (AccessGrant.SecretName(request) is not { } secretName)
        {
            return No(
                $"{name} has not been granted yet. {AccessGrant.Explanation(request)}".TrimEnd(),
                $"See whether a cluster provider is running there; {OrBring}.");
        }

        var secret = new ObjectKey(key.Namespace, secretName);
        var source = connector.CreateSource($"kubeconfig of AccessRequest {key}");
        var problem = KubeconfigSecret.Take(source, secret, await platform.FindAsync(Kinds.Secret, secret, cancellationToken));
        if (problem is null)
        {
            Follow(key, source, onTrouble, cancellationToken);
            return new OnboardingGrant(source);
        }

        source.Dispose();
        return No($"{name} has been granted, but {problem}.", $"See whether a cluster provider is running there; {OrBring}.");
    }

    private void Follow(ObjectKey request, KubeconfigSecretSource source, Action<string>? onTrouble, CancellationToken cancellationToken)
    {
        if (onTrouble is null)
        {
            return;
        }

        var follower = new AccessFollower(platform, request, source, informers, problem =>
        {
            if (problem is not null)
            {
                onTrouble(problem);
            }
        });
        _ = follower.RunAsync(cancellationToken);
    }

    private static OnboardingGrant No(string problem, string cure) => new(null, Problem: problem, Cure: cure);
}

using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Kubeconfig;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;

namespace ServiceProviderOcm.Core.Setup.Onboarding;

/// <summary>Finds the access to the onboarding cluster that is already granted (read-only).</summary>
public sealed class GrantedAccess(
    IKubernetesApi platform, Identity identity, KubeconfigConnector connector, InformerFactory informers)
{
    private const string OrKubeconfig = "or set --onboarding-kubeconfig";

    /// <summary>Finds the access.</summary>
    /// <param name="purpose">What access was granted for.</param>
    /// <param name="onError">Called with later errors while the access is watched. Null: the access is not watched.</param>
    /// <param name="cancellationToken">Cancels the requests and stops the watch.</param>
    /// <exception cref="KubernetesApiException">The platform cluster rejects the request or is unreachable.</exception>
    public async Task<OnboardingGrant> FindAsync(
        OnboardingPurpose purpose, Action<string>? onError, CancellationToken cancellationToken)
    {
        var key = OnboardingRequests.Key(identity, purpose);
        var name = $"AccessRequest {key} on the {platform.ClusterName}";
        if (await platform.FindAsync(PlatformKinds.AccessRequest, key, cancellationToken) is not { } request)
        {
            return new OnboardingGrant.Missing(
                $"Access to the onboarding cluster was not requested: {name} not found.",
                $"Start the controller in namespace {identity.PodNamespace}, which requests access, {OrKubeconfig}.",
                IsRequested: false);
        }

        if (AccessGrant.IsDenied(request))
        {
            return new OnboardingGrant.Missing(
                $"{name} was denied. {AccessGrant.Explanation(request)}".TrimEnd(),
                $"A platform operator must resolve this, {OrKubeconfig}.");
        }

        if (!AccessGrant.IsUsable(request))
        {
            return new OnboardingGrant.Missing(
                $"{name} is not granted yet. {AccessGrant.Explanation(request)}".TrimEnd(),
                $"Check that a cluster provider is running, {OrKubeconfig}.");
        }

        var secret = new ObjectKey(key.Namespace, AccessGrant.SecretName(request));
        var source = connector.CreateSource($"kubeconfig of AccessRequest {key}");
        var found = await platform.FindAsync(Kinds.Secret, secret, cancellationToken);
        if (KubeconfigSecret.TryUpdate(source, platform, secret, found, out var error))
        {
            Watch(key, source, onError, cancellationToken);
            return new OnboardingGrant.Granted(source);
        }

        source.Dispose();
        return new OnboardingGrant.Missing($"{name} is granted, but {error}.", $"Check that a cluster provider is running, {OrKubeconfig}.");
    }

    private void Watch(ObjectKey request, KubeconfigSecretSource source, Action<string>? onError, CancellationToken cancellationToken)
    {
        if (onError is null)
        {
            return;
        }

        var watcher = new AccessWatcher(platform, request, source, informers, error =>
        {
            if (error.Length > 0)
            {
                onError(error);
            }
        });
        _ = watcher.RunAsync(cancellationToken);
    }
}

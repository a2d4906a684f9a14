using System.Threading.Channels;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Kubeconfig;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;

namespace ServiceProviderOcm.Core.Setup.Onboarding;

/// <summary>
/// Watches an AccessRequest and its Secret, and updates a connection source with the kubeconfig: the Secret is renewed in place or
/// replaced by another one.
/// </summary>
/// <param name="platform">The cluster that has both.</param>
/// <param name="request">The AccessRequest. While it is not granted, the last Secret stays in use.</param>
/// <param name="source">The connection source.</param>
/// <param name="informers">Makes informers.</param>
/// <param name="onKubeconfig">Called with the error of the Secret; empty when its kubeconfig is in use.</param>
internal sealed class AccessWatcher(
    IKubernetesApi platform, ObjectKey request, KubeconfigSecretSource source, InformerFactory informers, Action<string> onKubeconfig)
{
    /// <summary>Watches until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var secrets = Channel.CreateUnbounded<ObjectKey>();
        using var watch = informers.Start(
            platform,
            PlatformKinds.AccessRequest,
            WatchScope.Named(request.Name, request.Namespace),
            OnChange,
            () => { },
            cancellationToken);
        ObjectKey? watched = null;
        var watching = Task.CompletedTask;
        var stop = new CancellationTokenSource();
        try
        {
            await foreach (var secret in secrets.Reader.ReadAllAsync(cancellationToken))
            {
                if (secret == watched)
                {
                    continue;
                }

                // Stop the watch of the previous Secret first.
                await stop.CancelAsync();
                await watching;
                stop.Dispose();
                stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                (watched, watching) = (secret, WatchSecretAsync(secret, stop.Token));
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
        finally
        {
            await stop.CancelAsync();
            await watching;
            stop.Dispose();
        }

        void OnChange(InformerChange change)
        {
            if (change.After is { } seen && AccessGrant.IsUsable(seen))
            {
                secrets.Writer.TryWrite(new ObjectKey(request.Namespace, AccessGrant.SecretName(seen)));
            }
        }
    }

    private Task WatchSecretAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        KubeconfigSecret? secret = null;
        secret = new KubeconfigSecret(source, platform, key, informers, () =>
        {
            if (secret!.Error.Length > 0 || secret.HasArrived)
            {
                onKubeconfig(secret.Error);
            }
        });
        return secret.RunAsync(cancellationToken);
    }
}

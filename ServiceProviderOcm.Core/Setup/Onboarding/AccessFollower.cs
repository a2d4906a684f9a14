using System.Threading.Channels;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Kubeconfig;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;

namespace ServiceProviderOcm.Core.Setup.Onboarding;

/// <summary>
/// Follows an AccessRequest and the Secret that it names, and keeps a connection source up to date with the kubeconfig there: the Secret
/// is renewed in place, and another one may take its place.
/// </summary>
/// <param name="platform">The cluster that has both.</param>
/// <param name="request">The AccessRequest. While it is not granted, the Secret that it has named last is followed.</param>
/// <param name="source">The connection source.</param>
/// <param name="informers">Makes informers.</param>
/// <param name="onKubeconfig">Told of a kubeconfig that has been taken over, or what is wrong with the Secret.</param>
internal sealed class AccessFollower(
    IKubernetesApi platform, ObjectKey request, KubeconfigSecretSource source, InformerFactory informers, Action<string?> onKubeconfig)
{
    /// <summary>Follows until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var secrets = Channel.CreateUnbounded<ObjectKey>();
        using var watch = informers.Start(
            platform, Kinds.AccessRequest, Selection.Named(request.Name, request.Namespace), Look, () => { }, cancellationToken);
        ObjectKey? followed = null;
        var following = Task.CompletedTask;
        var stop = new CancellationTokenSource();
        try
        {
            await foreach (var secret in secrets.Reader.ReadAllAsync(cancellationToken))
            {
                if (secret == followed)
                {
                    continue;
                }

                // The one before must not have the last word.
                await stop.CancelAsync();
                await following;
                stop.Dispose();
                stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                (followed, following) = (secret, FollowAsync(secret, stop.Token));
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
        finally
        {
            await stop.CancelAsync();
            await following;
            stop.Dispose();
        }

        void Look(InformerChange change)
        {
            if (change.After is { } seen && AccessGrant.SecretName(seen) is { } name)
            {
                secrets.Writer.TryWrite(new ObjectKey(request.Namespace, name));
            }
        }
    }

    private Task FollowAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        KubeconfigSecret? secret = null;
        secret = new KubeconfigSecret(source, platform, key, informers, () =>
        {
            if (secret!.Problem is not null || secret.HasArrived)
            {
                onKubeconfig(secret.Problem);
            }
        });
        return secret.RunAsync(cancellationToken);
    }
}

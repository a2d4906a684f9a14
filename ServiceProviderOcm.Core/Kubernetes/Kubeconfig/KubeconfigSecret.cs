using System.Text;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.Kubeconfig;

/// <summary>
/// Watches a kubeconfig in a Secret, which may be renewed in place, and keeps a connection source up to date with it.
/// </summary>
public sealed class KubeconfigSecret
{
    private const string DataKey = "kubeconfig";

    private readonly KubeconfigSecretSource _source;
    private readonly IKubernetesApi _api;
    private readonly Informer _informer;
    private readonly ObjectKey _key;
    private readonly Action _onChange;

    /// <summary>Does nothing until it is run.</summary>
    /// <param name="source">The connection source; leads to the cluster once <see cref="HasArrived"/>.</param>
    /// <param name="api">The cluster that has the Secret.</param>
    /// <param name="key">The Secret.</param>
    /// <param name="informers">Creates the informer.</param>
    /// <param name="onChange">Called when the kubeconfig or <see cref="Error"/> has changed.</param>
    public KubeconfigSecret(
        KubeconfigSecretSource source,
        IKubernetesApi api,
        ObjectKey key,
        InformerFactory informers,
        Action onChange)
    {
        _key = key;
        _api = api;
        _onChange = onChange;
        _source = source;
        _informer = informers.Create(api, Kinds.Secret, WatchScope.Named(key.Name, key.Namespace), _ => Read(), Read);
    }

    /// <summary>Whether a usable kubeconfig has been read.</summary>
    public bool HasArrived { get; private set; }

    /// <summary>Why the Secret cannot be used; null if it can, or has not been read yet.</summary>
    public string? Error { get; private set; }

    /// <summary>The Secret as it was last read; null if it does not exist or has not been read.</summary>
    public KubeObject? Secret => _informer.Store.Get(_key);

    /// <summary>Watches the Secret until cancelled.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => _informer.RunAsync(cancellationToken);

    private string? Update(KubeObject? secret)
    {
        var error = Update(_source, _api, _key, secret);
        HasArrived |= error is null;
        return error;
    }

    private void Read()
    {
        Error = _informer.State switch
        {
            { Failure: { } failure } => $"Secret {_key} with its kubeconfig cannot be read: {failure.Message}",
            { HasSynced: true } => Update(_informer.Store.Get(_key)),
            _ => _informer.Store.Get(_key) is { } secret ? Update(secret) : null,
        };
        _onChange();
    }

    /// <summary>Updates a connection source with the kubeconfig of a Secret.</summary>
    /// <param name="source">The source.</param>
    /// <param name="api">The cluster with the Secret.</param>
    /// <param name="key">The Secret's key.</param>
    /// <param name="secret">The Secret; null if there is none.</param>
    /// <returns>Why the Secret cannot be used; null if it can.</returns>
    internal static string? Update(KubeconfigSecretSource source, IKubernetesApi api, ObjectKey key, KubeObject? secret)
    {
        if (secret?.Json.Text("data", DataKey) is not { } encoded)
        {
            return $"there is no Secret {key} with a key \"{DataKey}\" on the {api.ClusterName}";
        }

        try
        {
            source.Update(Encoding.UTF8.GetString(Convert.FromBase64String(encoded)));
            return null;
        }
        catch (KubeconfigException exception)
        {
            return $"the kubeconfig in Secret {key} cannot be used: {exception.Message}";
        }
    }
}

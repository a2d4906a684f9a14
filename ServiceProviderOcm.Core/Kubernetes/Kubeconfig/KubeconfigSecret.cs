using System.Text;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.Kubeconfig;

/// <summary>
/// Follows a kubeconfig in a Secret on the platform cluster, which is renewed in place, and keeps a connection source up to
/// date with it.
/// </summary>
public sealed class KubeconfigSecret
{
    private const string DataKey = "kubeconfig";

    private readonly KubeconfigSecretSource _source;
    private readonly Informer _informer;
    private readonly ObjectKey _key;
    private readonly Action _onChange;

    /// <summary>Does nothing until it is run.</summary>
    /// <param name="source">The connection source; leads to the cluster once <see cref="HasArrived"/>.</param>
    /// <param name="platform">The cluster that has the Secret.</param>
    /// <param name="key">The Secret.</param>
    /// <param name="informers">Makes informers.</param>
    /// <param name="onChange">Told when there is another kubeconfig or problem.</param>
    public KubeconfigSecret(
        KubeconfigSecretSource source,
        IKubernetesApi platform,
        ObjectKey key,
        InformerFactory informers,
        Action onChange)
    {
        _key = key;
        _onChange = onChange;
        _source = source;
        _informer = informers.Create(platform, Kinds.Secret, Selection.Named(key.Name, key.Namespace), _ => Read(), Read);
    }

    /// <summary>Whether a usable kubeconfig has been seen.</summary>
    public bool HasArrived { get; private set; }

    /// <summary>What is wrong with the Secret now; null if nothing is, or if it has not been looked at yet.</summary>
    public string? Problem { get; private set; }

    /// <summary>Follows the Secret until cancelled.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => _informer.RunAsync(cancellationToken);

    private string? Take(KubeObject? secret)
    {
        var problem = Take(_source, _key, secret);
        HasArrived |= problem is null;
        return problem;
    }

    private void Read()
    {
        Problem = _informer.State switch
        {
            { Failure: { } failure } => $"Secret {_key} with its kubeconfig cannot be read: {failure.Message}",
            { HasSynced: true } => Take(_informer.Store.Get(_key)),
            _ => _informer.Store.Get(_key) is { } secret ? Take(secret) : null,
        };
        _onChange();
    }

    /// <summary>Hands the kubeconfig of a Secret to a connection source.</summary>
    /// <param name="source">The source.</param>
    /// <param name="key">The Secret's key.</param>
    /// <param name="secret">The Secret; null if there is none.</param>
    /// <returns>Why that cannot be done; null if it has been done.</returns>
    internal static string? Take(KubeconfigSecretSource source, ObjectKey key, KubeObject? secret)
    {
        if (secret?.Json.Text("data", DataKey) is not { } encoded)
        {
            return $"there is no Secret {key} with a key \"{DataKey}\" on the platform cluster";
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

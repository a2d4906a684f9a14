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
    private readonly InformerFactory _informers;
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
        _informers = informers;
        _informer = informers.Create(api, Kinds.Secret, WatchScope.Named(key.Name, key.Namespace), _ => Read(), Read);
    }

    /// <summary>Whether a usable kubeconfig has been read.</summary>
    public bool HasArrived { get; private set; }

    /// <summary>Why the Secret cannot be used; empty if it can, or has not been read yet.</summary>
    public string Error { get; private set; } = "";

    /// <summary>Whether that is because it exceeds a limit.</summary>
    public bool IsOverLimit { get; private set; }

    /// <summary>Whether that limit is no setting.</summary>
    public bool IsFixedLimit { get; private set; }

    /// <summary>The Secret as it was last read; null if it does not exist or has not been read.</summary>
    public KubeObject? Secret => _informer.Store.Get(_key);

    /// <summary>Watches the Secret until cancelled.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => _informers.RunAsync(_informer, cancellationToken);

    private (string Error, bool IsOverLimit, bool IsFixedLimit) Update(KubeObject? secret)
    {
        HasArrived |= TryUpdate(_source, _api, _key, secret, out var error, out var isOverLimit);
        return (error, isOverLimit, isOverLimit);
    }

    private void Read()
    {
        (Error, IsOverLimit, IsFixedLimit) = _informer.State switch
        {
            { Failure: { } failure } => ($"cannot read Secret {_key}: {failure.Message}", failure.IsOverLimit, failure.IsFixedLimit),
            { HasSynced: true } => Update(_informer.Store.Get(_key)),
            _ => _informer.Store.Get(_key) is { } secret ? Update(secret) : ("", false, false),
        };
        _onChange();
    }

    /// <inheritdoc cref="TryUpdate(KubeconfigSecretSource, IKubernetesApi, ObjectKey, KubeObject?, out string, out bool)"/>
    internal static bool TryUpdate(
        KubeconfigSecretSource source, IKubernetesApi api, ObjectKey key, KubeObject? secret, out string error) =>
        TryUpdate(source, api, key, secret, out error, out _);

    /// <summary>Updates a connection source with the kubeconfig of a Secret.</summary>
    /// <param name="source">The source.</param>
    /// <param name="api">The cluster with the Secret.</param>
    /// <param name="key">The Secret's key.</param>
    /// <param name="secret">The Secret; null if there is none.</param>
    /// <param name="error">Why the Secret cannot be used; empty if it can.</param>
    /// <param name="isOverLimit">Whether that is because it exceeds a limit.</param>
    internal static bool TryUpdate(
        KubeconfigSecretSource source, IKubernetesApi api, ObjectKey key, KubeObject? secret, out string error, out bool isOverLimit)
    {
        isOverLimit = false;
        if (secret?.Json.Text("data", DataKey) is not { } encoded)
        {
            error = secret is null
                ? $"Secret {key} not found on the {api.ClusterName}"
                : $"Secret {key} on the {api.ClusterName} has no key \"{DataKey}\"";
            return false;
        }

        try
        {
            source.Update(Encoding.UTF8.GetString(Convert.FromBase64String(encoded)));
            error = "";
        }
        catch (FormatException)
        {
            error = $"key \"{DataKey}\" of Secret {key} on the {api.ClusterName} is not Base64";
        }
        catch (KubeconfigException exception)
        {
            error = $"the kubeconfig in Secret {key} cannot be used: {exception.Message}";
            if (exception.Limit is { } limit)
            {
                isOverLimit = true;
                api.Limits?.Exceeded(limit);
            }
        }

        return error.Length == 0;
    }
}

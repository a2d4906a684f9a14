using System.Collections.Immutable;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Kubeconfig;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Plan;

namespace ServiceProviderOcm.Core.Observe;

/// <summary>Follows, on one tenant's control plane, what decisions rest on, and nothing else.</summary>
public sealed class ControlPlaneWatch : IDisposable
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stop;
    private readonly CancellationToken _stopping;
    private readonly InformerFactory _informers;
    private readonly Action _onChange;
    private readonly KubeconfigSecretSource _source;
    private readonly KubeconfigSecret _kubeconfig;
    private readonly IReadOnlyList<(ControlPlaneView View, ResourceKind Kind, Selection Selection)> _watched;
    private volatile ImmutableDictionary<ResourceKind, RunningInformer> _running = ImmutableDictionary<ResourceKind, RunningInformer>.Empty;
    private ControlPlaneView _view;

    /// <summary>Starts following.</summary>
    /// <param name="connector">Makes connections and clients.</param>
    /// <param name="platform">The cluster that has the kubeconfig's Secret.</param>
    /// <param name="secret">The Secret with the kubeconfig.</param>
    /// <param name="api">The API group, by which our objects are known.</param>
    /// <param name="informers">Makes informers.</param>
    /// <param name="onChange">Told when the answer is another now.</param>
    /// <param name="cancellationToken">Ends following.</param>
    public ControlPlaneWatch(
        ControlPlaneConnector connector,
        IKubernetesApi platform,
        ObjectKey secret,
        ProviderApi api,
        InformerFactory informers,
        Action onChange,
        CancellationToken cancellationToken)
    {
        var ours = new Selection(Manifests.ToolkitNamespace, Manifests.CopySelector(api));
        _watched =
        [
            (ControlPlaneView.Repositories, Kinds.Repository, Selection.Everything),
            (ControlPlaneView.OwnObjects, Kinds.Namespace, Selection.Named(Manifests.ToolkitNamespace)),
            (ControlPlaneView.OwnObjects, Kinds.Secret, ours),
            (ControlPlaneView.OwnObjects, Kinds.ConfigMap, ours),
        ];
        _informers = informers;
        _onChange = onChange;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _stopping = _stop.Token;
        Secret = secret;
        _source = connector.CreateSource($"Secret {secret}");
        _kubeconfig = new KubeconfigSecret(_source, platform, secret, informers, OnKubeconfig);
        Api = connector.CreateApi(_source);
        _ = Task.Run(() => _kubeconfig.RunAsync(_stopping), CancellationToken.None);
    }

    /// <summary>The Secret with the kubeconfig.</summary>
    public ObjectKey Secret { get; }

    /// <summary>The control plane.</summary>
    public IKubernetesApi Api { get; }

    /// <summary>What is known now of the users' Repository objects.</summary>
    public ObservedRepositories Repositories
    {
        get
        {
            var running = _running;
            return ProblemOf(running, Kinds.Repository) is { } problem ? ObservedRepositories.Unreachable(problem)
                : !HasSynced(running, Kinds.Repository) ? ObservedRepositories.NotYetKnown
                : ObservedRepositories.Of([.. running[Kinds.Repository].Informer.Store.All.Select(repository => repository.Key.ToString())]);
        }
    }

    /// <summary>What is known now of our own objects.</summary>
    public ObservedControlPlane OwnObjects
    {
        get
        {
            var running = _running;
            return ProblemOf(running, Kinds.Namespace, Kinds.Secret, Kinds.ConfigMap) is { } problem ? ObservedControlPlane.Unreachable(problem)
                : !HasSynced(running, Kinds.Namespace, Kinds.Secret, Kinds.ConfigMap) ? ObservedControlPlane.NotYetKnown
                : ObservedControlPlane.Of(
                    running[Kinds.Namespace].Informer.Store.Get(ObjectKey.ClusterScoped(Manifests.ToolkitNamespace)),
                    [.. running[Kinds.Secret].Informer.Store.All],
                    [.. running[Kinds.ConfigMap].Informer.Store.All]);
        }
    }

    /// <summary>The store of a kind that is followed; null if it is not.</summary>
    public Store? StoreOf(ResourceKind kind) => _running.GetValueOrDefault(kind)?.Informer.Store;

    /// <summary>Follows exactly this from now on.</summary>
    public void Look(ControlPlaneView view)
    {
        lock (_lock)
        {
            _view = view;
            Adjust();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Cancel();
        Look(ControlPlaneView.None);
        _stop.Dispose();
        _source.Dispose();
    }

    // What cannot be read now may be out of date, also if it was known once.
    private string? ProblemOf(ImmutableDictionary<ResourceKind, RunningInformer> running, params IEnumerable<ResourceKind> kinds) =>
        _kubeconfig.Problem
        ?? kinds.Select(kind => running.GetValueOrDefault(kind)?.Informer.State.Failure?.Message).FirstOrDefault(message => message is not null);

    // A kind that is not served has synced, and its store is empty.
    private static bool HasSynced(ImmutableDictionary<ResourceKind, RunningInformer> running, params IEnumerable<ResourceKind> kinds) =>
        kinds.All(kind => running.GetValueOrDefault(kind)?.Informer.State.HasSynced is true);

    private void OnKubeconfig()
    {
        lock (_lock)
        {
            Adjust();
        }

        _onChange();
    }

    private void Adjust()
    {
        foreach (var (view, kind, selection) in _watched)
        {
            var isWanted = _view.HasFlag(view) && _kubeconfig.HasArrived && !_stopping.IsCancellationRequested;
            if (isWanted && !_running.ContainsKey(kind))
            {
                _running = _running.Add(kind, _informers.Start(Api, kind, selection, _ => _onChange(), _onChange, _stopping));
            }
            else if (!_view.HasFlag(view) && _running.TryGetValue(kind, out var unwanted))
            {
                unwanted.Dispose();
                _running = _running.Remove(kind);
            }
        }
    }
}

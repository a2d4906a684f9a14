using System.Collections.Immutable;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Kubeconfig;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;

namespace ServiceProviderOcm.Core.Watch;

/// <summary>Watches, on one tenant's control plane, what decisions are made on, and nothing else.</summary>
public sealed class ControlPlaneWatch : IDisposable
{
    private static readonly ResourceKind[] ManagedKinds = [Kinds.Namespace, Kinds.Secret, Kinds.ConfigMap];

    private static readonly Watched Unlabelled = new(ControlPlaneScope.UnlabelledSecrets, Kinds.Secret);

    // The Go provider makes copies of the type of their source, which may be any. Helm keeps its releases in the same namespace.
    private static readonly WatchScope WithoutLabels = new(
        ObjectNames.ToolkitNamespace, $"!{ObjectNames.ManagedByLabel}", "type!=helm.sh/release.v1")
    {
        IsMetadataOnly = true,
    };

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stop;
    private readonly CancellationToken _stopping;
    private readonly InformerFactory _informers;
    private readonly ReadShare _share;
    private readonly MemoryAccount _memory;
    private readonly Action _onChange;
    private readonly KubeconfigSecretSource _source;
    private readonly KubeconfigSecret _kubeconfig;
    private readonly IReadOnlyList<(Watched Watched, WatchScope Objects)> _watched;
    private volatile ImmutableDictionary<Watched, RunningInformer> _running = ImmutableDictionary<Watched, RunningInformer>.Empty;
    private UserObjectsWatch? _userObjects;
    private ControlPlaneScope _scope;

    /// <summary>Starts watching the kubeconfig.</summary>
    /// <param name="connector">Makes connections and clients.</param>
    /// <param name="platform">The cluster that has the kubeconfig's Secret.</param>
    /// <param name="secret">The Secret with the kubeconfig.</param>
    /// <param name="api">The API group, which the labels of managed objects contain.</param>
    /// <param name="informers">Makes informers.</param>
    /// <param name="share">What is charged for what is read from the control plane; disposed with this.</param>
    /// <param name="limits">How much of the control plane is kept in memory, per kind.</param>
    /// <param name="memory">What is charged for what is kept of the control plane; disposed with this.</param>
    /// <param name="onChange">Called when something changed.</param>
    /// <param name="cancellationToken">Stops watching.</param>
    public ControlPlaneWatch(
        KubeconfigConnector connector,
        IKubernetesApi platform,
        ObjectKey secret,
        ProviderApi api,
        InformerFactory informers,
        ReadShare share,
        InformerLimits limits,
        MemoryAccount memory,
        Action onChange,
        CancellationToken cancellationToken)
    {
        var managed = new WatchScope(ObjectNames.ToolkitNamespace, ObjectNames.CopySelector(api));
        _watched =
        [
            (Managed(Kinds.Namespace), WatchScope.Named(ObjectNames.ToolkitNamespace)),
            (Managed(Kinds.Secret), managed),
            (Managed(Kinds.ConfigMap), managed),
            (Unlabelled, WithoutLabels),
        ];
        _share = share;
        _memory = memory;
        _informers = informers.With(limits).Within(_memory);
        _onChange = onChange;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _stopping = _stop.Token;
        Secret = secret;
        _source = connector.CreateSource($"Secret {secret}");
        _source.Share = share;
        _kubeconfig = new KubeconfigSecret(_source, platform, secret, informers.Within(_memory), OnKubeconfig);
        Api = connector.CreateApi(_source);
        _ = Task.Run(() => _kubeconfig.RunAsync(_stopping), CancellationToken.None);
    }

    /// <summary>The Secret with the kubeconfig.</summary>
    public ObjectKey Secret { get; }

    /// <summary>The Secret's content as it was last read; null if it does not exist or has not been read.</summary>
    public KubeObject? Kubeconfig => _kubeconfig.Secret;

    /// <summary>What the connection authenticates with, also while there is no memory for <see cref="Kubeconfig"/>.</summary>
    public IReadOnlyList<string> Credentials => _source.Credentials;

    /// <summary>The control plane.</summary>
    public IKubernetesApi Api { get; }

    /// <summary>What is known now of the users' objects.</summary>
    public ObservedUserObjects UserObjects
    {
        get
        {
            var observed = Volatile.Read(ref _userObjects)?.Observed ?? ObservedUserObjects.Unknown;
            return observed.IsOverLimit || _kubeconfig.Error is not { Length: > 0 } error ? observed
                : _kubeconfig.IsOverLimit ? ObservedUserObjects.OverLimit(error, _kubeconfig.IsFixedLimit)
                : ObservedUserObjects.Unreachable(error);
        }
    }

    /// <summary>What is known now of the managed objects.</summary>
    public ObservedControlPlane ManagedObjects
    {
        get
        {
            var running = _running;
            if (UnknownManagedObjects(running) is { } unknown)
            {
                return unknown;
            }

            var known = ObservedControlPlane.Of(
                running[Managed(Kinds.Namespace)].Informer.Store.Get(ObjectKey.ClusterScoped(ObjectNames.ToolkitNamespace)),
                [.. Named(running[Managed(Kinds.Secret)])],
                [.. Named(running[Managed(Kinds.ConfigMap)])]) with
            {
                Unreadable = UnreadableControlPlaneObjects.Of(
                    [.. ManagedKinds.SelectMany(kind => running[Managed(kind)].Informer.UnreadableObjects.Select(each => (kind, each.Key.Name, each)))],
                    ApiErrors.Unreadable),
            };
            return UnknownManagedObjects(running) ?? known;
        }
    }

    /// <summary>The metadata of Secrets without labels; null while they are not listed, or the list may be stale.</summary>
    public IReadOnlyList<KubeObject>? UnlabelledSecrets
    {
        get
        {
            // As with the others, the state is read before the store and after it.
            var running = _running.GetValueOrDefault(Unlabelled);
            return running is { Informer.State.IsSynced: true } && Named(running).ToList() is var found && running.Informer.State.IsSynced
                ? found
                : null;
        }
    }

    /// <summary>The store that has the object of a step; null if it is not watched.</summary>
    public Store? StoreOf(PlanStep step) =>
        _running.GetValueOrDefault(step is DeleteStep { IsOfUnlabelledCopy: true } ? Unlabelled : Managed(step.Kind))?.Informer.Store;

    /// <summary>Watches exactly this from now on.</summary>
    public void Watch(ControlPlaneScope scope)
    {
        lock (_lock)
        {
            _scope = scope;
            Adjust();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Cancel();
        Watch(ControlPlaneScope.None);
        _stop.Dispose();
        _source.Dispose();
        _share.Dispose();
        _memory.Dispose();
    }

    private static Watched Managed(ResourceKind kind) => new(ControlPlaneScope.ManagedObjects, kind);

    private ObservedControlPlane? UnknownManagedObjects(ImmutableDictionary<Watched, RunningInformer> running) =>
        LimitOf(running) is { } limit ? ObservedControlPlane.OverLimit(limit.Message, limit.IsFixedLimit)
        : _kubeconfig.IsOverLimit ? ObservedControlPlane.OverLimit(_kubeconfig.Error, _kubeconfig.IsFixedLimit)
        : ErrorOf(running) is { Length: > 0 } error ? ObservedControlPlane.Unreachable(error)
        : HasSynced(running) ? null
        : ObservedControlPlane.Unknown;

    private static KubernetesApiException? LimitOf(ImmutableDictionary<Watched, RunningInformer> running) => ManagedKinds
        .Select(kind => running.GetValueOrDefault(Managed(kind))?.Informer.State.Failure)
        .FirstOrDefault(failure => failure?.IsOverLimit is true);

    // What cannot be read now may be stale, also if it was known once.
    private string ErrorOf(ImmutableDictionary<Watched, RunningInformer> running) =>
        _kubeconfig.Error is { Length: > 0 } error
            ? error
            : ManagedKinds.Select(kind => running.GetValueOrDefault(Managed(kind))?.Informer.State.Failure?.Message)
                .FirstOrDefault(message => message is not null)
                ?? "";

    // A kind that is not served has synced, and its store is empty.
    private static bool HasSynced(ImmutableDictionary<Watched, RunningInformer> running) =>
        ManagedKinds.All(kind => running.GetValueOrDefault(Managed(kind))?.Informer.State.HasSynced is true);

    private static IEnumerable<KubeObject> Named(RunningInformer running) => running.Informer.Store.All.Where(listed => listed.Key.IsValid);

    private void AdjustUserObjects()
    {
        var isStopping = _stopping.IsCancellationRequested;
        var isOutdated = _scope.HasFlag(ControlPlaneScope.FreshUserObjects);
        _scope &= ~ControlPlaneScope.FreshUserObjects;
        if (isStopping || isOutdated || !_scope.HasFlag(ControlPlaneScope.UserObjects))
        {
            _userObjects?.Dispose();
            _userObjects = null;
        }

        if (_scope.HasFlag(ControlPlaneScope.UserObjects) && _kubeconfig.HasArrived && !isStopping)
        {
            _userObjects ??= new UserObjectsWatch(Api, _informers, _onChange, _stopping);
        }
    }

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
        AdjustUserObjects();
        foreach (var (watched, objects) in _watched)
        {
            var isWanted = _scope.HasFlag(watched.Scope) && _kubeconfig.HasArrived && !_stopping.IsCancellationRequested;
            if (isWanted && !_running.ContainsKey(watched))
            {
                _running = _running.Add(watched, _informers.Start(Api, watched.Kind, objects, _ => _onChange(), _onChange, _stopping));
            }
            else if (!_scope.HasFlag(watched.Scope) && _running.TryGetValue(watched, out var unwanted))
            {
                unwanted.Dispose();
                _running = _running.Remove(watched);
            }
        }
    }

    private readonly record struct Watched(ControlPlaneScope Scope, ResourceKind Kind);
}

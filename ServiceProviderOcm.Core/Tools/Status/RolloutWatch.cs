using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Tools.Rollouts;

namespace ServiceProviderOcm.Core.Tools.Status;

/// <summary>Watches on the platform cluster what a rollout is decided on.</summary>
/// <param name="platform">The platform cluster.</param>
/// <param name="identity">The identity of the provider, with the name of its ProviderConfig.</param>
/// <param name="informers">Makes informers.</param>
/// <param name="time">Clock.</param>
public sealed class RolloutWatch(IKubernetesApi platform, Identity identity, InformerFactory informers, TimeProvider time) : IDisposable
{
    private readonly List<RunningInformer> _running = [];
    private readonly FleetObserver _observer = new(identity);
    private Informer? _configs;
    private Informer? _sources;
    private Informer? _releases;
    private Informer? _namespaces;
    private Informer? _revisions;
    private Informer? _configMaps;

    /// <summary>Starts, and waits until everything is listed, or could not be.</summary>
    /// <param name="onChange">Called when something has changed.</param>
    /// <param name="onError">Called with an error while changes may be missed.</param>
    /// <param name="cancellationToken">Stops the watch.</param>
    public async Task StartAsync(Action onChange, Action<string> onError, CancellationToken cancellationToken)
    {
        List<Task> listed = [];
        _configs = Start(identity.Api.ProviderConfig, RolloutReader.ProviderConfigs(identity));
        _sources = Start(PlatformKinds.OciRepository, RolloutReader.Flux);
        _releases = Start(PlatformKinds.HelmRelease, RolloutReader.Flux);
        _namespaces = Start(Kinds.Namespace, RolloutReader.Namespaces);
        _revisions = Start(Kinds.ControllerRevision, RolloutReader.Revisions(identity));
        _configMaps = identity.PodNamespace.Length > 0 ? Start(Kinds.ConfigMap, new WatchScope(identity.PodNamespace)) : null;
        await Task.WhenAll(listed).WaitAsync(cancellationToken);

        Informer Start(ResourceKind kind, WatchScope scope)
        {
            var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            listed.Add(ended.Task);
            Informer? informer = null;
            informer = informers.Create(platform, kind, scope, _ => onChange(), () =>
            {
                if (informer!.State.Failure is { } failure)
                {
                    onError(failure.Message);
                }

                if (informer.State is not InformerState.Starting)
                {
                    ended.TrySetResult();
                    onChange();
                }
            });
            _running.Add(new RunningInformer(informer, informers.RunAsync, cancellationToken));
            return informer;
        }
    }

    /// <summary>How far the rollout is, and where the OCMs are in it; null where that is not known.</summary>
    /// <param name="ocms">All OCMs.</param>
    public (RolloutSummary? Rollout, ObservedFleet? Fleet) Read(IReadOnlyCollection<KubeObject> ocms)
    {
        if (_configs?.Store.Get(ObjectKey.ClusterScoped(identity.ProviderName)) is not { } providerConfig)
        {
            return (null, null);
        }

        var config = _observer.Parse(providerConfig);
        var fleet = IsComplete
            ? _observer.Observe(
                new RolloutObjects
                {
                    Identity = identity,
                    ProviderConfig = providerConfig,
                    Ocms = ocms,
                    OciRepositories = RolloutReader.ByNamespace(_sources!.Store.All),
                    HelmReleases = RolloutReader.ByNamespace(_releases!.Store.All),
                    Namespaces = RolloutReader.ByName(_namespaces!.Store.All),
                    StoredRevisions = [.. _revisions!.Store.All],
                    ConfigMaps = RolloutReader.ByName(_configMaps?.Store.All ?? []),
                },
                config,
                time.GetUtcNow())
            : null;
        return (RolloutSummary.Of(providerConfig, config, fleet), fleet);
    }

    /// <inheritdoc/>
    public void Dispose() => _running.ForEach(informer => informer.Dispose());

    private bool IsComplete => new[] { _sources, _releases, _namespaces, _revisions }.All(informer => informer?.State.HasSynced is true);
}

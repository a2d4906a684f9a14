using ServiceProviderOcm.Core.Client;
using ServiceProviderOcm.Core.Objects;
using ServiceProviderOcm.Core.Watch;

namespace ServiceProviderOcm.Core.Observe;

/// <summary>Follows the Repository objects on one tenant's control plane.</summary>
public sealed class ControlPlaneWatch : IDisposable
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stop;
    private readonly CancellationToken _stopping;
    private readonly ControlPlaneConnector _connector;
    private readonly InformerFactory _informers;
    private readonly Action _onChange;
    private readonly KubeconfigSecret _kubeconfig;
    private Informer? _repositories;

    /// <summary>Starts following.</summary>
    /// <param name="connector">Makes connections and clients.</param>
    /// <param name="platform">The cluster that has the kubeconfig's Secret.</param>
    /// <param name="secret">The Secret with the kubeconfig.</param>
    /// <param name="informers">Makes informers.</param>
    /// <param name="onChange">Told when the answer is another now.</param>
    /// <param name="cancellationToken">Ends following.</param>
    public ControlPlaneWatch(
        ControlPlaneConnector connector,
        IKubernetesApi platform,
        ObjectKey secret,
        InformerFactory informers,
        Action onChange,
        CancellationToken cancellationToken)
    {
        _connector = connector;
        _informers = informers;
        _onChange = onChange;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _stopping = _stop.Token;
        Secret = secret;
        _kubeconfig = new KubeconfigSecret(connector, platform, secret, informers, OnKubeconfig);
        _ = _kubeconfig.RunAsync(_stopping);
    }

    /// <summary>The Secret with the kubeconfig.</summary>
    public ObjectKey Secret { get; }

    /// <summary>What is known now.</summary>
    public ObservedRepositories Observed => _kubeconfig.Problem is { } problem
        ? ObservedRepositories.Unreachable(problem)
        : _repositories switch
        {
            null => ObservedRepositories.NotYetKnown,
            { State.IsServed: false } => ObservedRepositories.Of(),
            { State.Failure: { } failure } => ObservedRepositories.Unreachable(failure.Message),
            { State.HasSynced: true } informer => ObservedRepositories.Of(
                [.. informer.Store.All.Select(repository => repository.Key.ToString())]),
            _ => ObservedRepositories.NotYetKnown,
        };

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
        _kubeconfig.Dispose();
    }

    private void OnKubeconfig()
    {
        lock (_lock)
        {
            if (_kubeconfig.HasArrived && _repositories is null)
            {
                _repositories = _informers.Create(
                    _connector.CreateApi(_kubeconfig.Source), Kinds.Repository, Selection.Everything, _ => _onChange(), _onChange);
                _ = _repositories.RunAsync(_stopping);
            }
        }

        _onChange();
    }
}

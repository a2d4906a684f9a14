using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Timing;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;

namespace ServiceProviderOcm.Core.Watch;

/// <summary>
/// Finds the users' objects on a control plane. It discovers the kinds of the toolkit's API group and lists each of them once. Only if
/// there are objects, it watches all these kinds until there are none; then it discovers again, for kinds that are new. A control plane that
/// is too slow for a list to be relied on afterwards is watched as well.
/// </summary>
internal sealed partial class UserObjectsWatch : IDisposable
{
    // Each list takes memory, and a server may send many kinds.
    private const int ListsAtOnce = 2;

    // Tenants define the kinds. What they call them must not become a time series.
    private const string KindInMetrics = "user object";

    // Objects that exist for a shorter time do not lead to discovery at once, except the first time.
    private static readonly TimeSpan LongRound = TimeSpan.FromMinutes(5);

    // What takes longer would be out of date before it is used.
    private static readonly TimeSpan LongestRound = ObservedUserObjects.MaxAge / 2;

    private readonly IKubernetesApi _api;
    private readonly InformerFactory _informers;
    private readonly Action _onChange;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop;
    private readonly CancellationToken _stopping;
    private readonly TaskCompletionSource _watchGate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Signal _signal = new();

    private volatile ImmutableDictionary<ResourceKind, RunningInformer> _running = ImmutableDictionary<ResourceKind, RunningInformer>.Empty;
    private volatile KubernetesApiException? _error;
    private volatile ObservedUserObjects? _last;

    /// <summary>Starts.</summary>
    /// <param name="api">The control plane.</param>
    /// <param name="informers">Makes informers.</param>
    /// <param name="onChange">Called when <see cref="Observed"/> has changed.</param>
    /// <param name="cancellationToken">Stops.</param>
    public UserObjectsWatch(IKubernetesApi api, InformerFactory informers, Action onChange, CancellationToken cancellationToken)
    {
        _api = api;
        _informers = informers.OfKindsNamed(KindInMetrics);
        _onChange = onChange;
        _logger = informers.Logger;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _stopping = _stop.Token;
        _ = Task.Run(RunAsync, CancellationToken.None);
    }

    /// <summary>What is known now.</summary>
    public ObservedUserObjects Observed
    {
        get
        {
            var running = _running;
            var failures = running.Values.Select(each => each.Informer.State.Failure).Prepend(_error).OfType<KubernetesApiException>().ToList();
            return failures.Find(failure => failure.IsOverLimit) is { } limit ? ObservedUserObjects.OverLimit(limit.Message, limit.IsFixedLimit)
                : failures is [var failure, ..] ? ObservedUserObjects.Unreachable(failure.Message)
                : _last is null ? ObservedUserObjects.Unknown
                : Objects(running) is { Kinds.Count: > 0 } objects ? objects
                : _last;
        }
    }

    private int Unlisted => _running.Values.Count(each => !each.Informer.State.HasSynced);

    private bool HasObjects => _running.Values.Any(each => each.Informer.Store.Count > 0 || each.Informer.UnreadableObjects.Any());

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Cancel();
        foreach (var informer in _running.Values)
        {
            informer.Dispose();
        }

        _stop.Dispose();
    }

    private static ObservedUserObjects Objects(ImmutableDictionary<ResourceKind, RunningInformer> running) =>
        ObservedUserObjects.Of(running.Select(each => UserObjectsOfKind.Of(each.Key.Kind, KeysIn(each.Value.Informer))));

    // What cannot be read exists all the same.
    private static IEnumerable<ObjectKey> KeysIn(Informer informer) =>
        informer.Store.All.Select(item => item.Key)
            .Concat(informer.UnreadableObjects.Select(item => item.Key).Where(key => informer.Store.Get(key) is null));

    private async Task RunAsync()
    {
        try
        {
            for (var shortRounds = 0; !_stopping.IsCancellationRequested;)
            {
                if (shortRounds > 1)
                {
                    await Task.Delay(_informers.Backoff.Delay(shortRounds - 2), _informers.Time, _stopping);
                }

                var started = _informers.Time.GetUtcNow();
                await ListAsync(await DiscoverAsync());
                await UntilAsync(() => Unlisted == 0);
                if (!_watchGate.Task.IsCompleted && _informers.Time.GetUtcNow() - started > LongestRound)
                {
                    // Listed again by informers that watch.
                    StopAllBut([]);
                    _watchGate.SetResult();
                    continue;
                }

                if (!HasObjects)
                {
                    // As old as the first list: what is created after that is not known while others are still listed.
                    var none = ObservedUserObjects.Of();
                    Become(_watchGate.Task.IsCompleted ? none : none with { ListedAt = started });
                    await UntilAsync(() => HasObjects);
                }

                _watchGate.TrySetResult();
                Become(Objects(_running));
                await UntilAsync(() => !HasObjects);
                Become(null);
                shortRounds = _informers.Time.GetUtcNow() - started < LongRound ? shortRounds + 1 : 0;
            }
        }
        catch (Exception) when (_stopping.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    private async Task<IReadOnlyList<ResourceKind>> DiscoverAsync()
    {
        for (var failures = 0; ; failures++)
        {
            try
            {
                var kinds = await _api.DiscoverAsync(PlatformKinds.ToolkitGroup, _stopping);
                _error = null;
                return kinds;
            }
            catch (Exception exception) when (!_stopping.IsCancellationRequested)
            {
                if (exception is not KubernetesApiException error)
                {
                    _logger.Unexpected(PlatformKinds.ToolkitGroup, _api.ClusterName, exception);
                    error = ApiErrors.Unexpected(exception);
                }

                LogFailed(PlatformKinds.ToolkitGroup, _api.ClusterName, error.Message);
                _error = error;
                _onChange();
                var delay = _informers.Backoff.Delay(failures);
                await Task.Delay(error.RetryAfter > delay ? error.RetryAfter.Value : delay, _informers.Time, _stopping);
            }
        }
    }

    private async Task ListAsync(IReadOnlyList<ResourceKind> kinds)
    {
        StopAllBut(kinds);
        foreach (var kind in kinds.Where(kind => !_running.ContainsKey(kind)))
        {
            await UntilAsync(() => Unlisted < ListsAtOnce);
            _running = _running.Add(kind, _informers.Start(
                _api, kind, WatchScope.Everything with { IsMetadataOnly = true }, _ => OnChange(), OnChange, _watchGate.Task, _stopping));
        }
    }

    private void StopAllBut(IReadOnlyList<ResourceKind> kinds)
    {
        foreach (var (kind, running) in _running.Where(each => !kinds.Contains(each.Key)))
        {
            running.Dispose();
            _running = _running.Remove(kind);
        }
    }

    private void OnChange()
    {
        _signal.Set();
        _onChange();
    }

    private void Become(ObservedUserObjects? observed)
    {
        _last = observed;
        _onChange();
    }

    private async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await _signal.WaitAsync(_stopping);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Discovery of the kinds of {Group} on the {Cluster} failed: {Message}; retrying")]
    private partial void LogFailed(string group, string cluster, string message);
}

using Microsoft.Extensions.Logging;
using ServiceProviderOcm.Core.Client;
using ServiceProviderOcm.Core.Objects;

namespace ServiceProviderOcm.Core.Watch;

/// <summary>
/// Keeps a <see cref="Store"/> equal to what a cluster has of one kind: lists, then watches from the list's resourceVersion
/// on; resumes broken watches where they broke, and lists again where the server no longer knows that place (410).
/// </summary>
public sealed partial class Informer
{
    private readonly IKubernetesApi _api;
    private readonly Selection _selection;
    private readonly InformerOptions _options;
    private readonly Action<InformerChange> _onChange;
    private readonly Action _onState;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly ILogger _logger;
    private string? _resourceVersion;
    private int _failures;
    private long _failingSince;

    /// <summary>An informer that does nothing until it is run.</summary>
    /// <param name="api">The cluster.</param>
    /// <param name="kind">The kind to follow.</param>
    /// <param name="selection">Which objects of the kind.</param>
    /// <param name="options">Pace.</param>
    /// <param name="onChange">Told each change after the store has it; must be quick.</param>
    /// <param name="onState">Told that <see cref="State"/> is another now; must be quick.</param>
    /// <param name="time">Clock.</param>
    /// <param name="random">Jitter.</param>
    /// <param name="logger">Log.</param>
    public Informer(
        IKubernetesApi api,
        ResourceKind kind,
        Selection selection,
        InformerOptions options,
        Action<InformerChange> onChange,
        Action onState,
        TimeProvider time,
        Random random,
        ILogger logger)
    {
        _api = api;
        Kind = kind;
        _selection = selection;
        _options = options;
        _onChange = onChange;
        _onState = onState;
        _time = time;
        _random = random;
        _logger = logger;
    }

    /// <summary>The kind that is followed.</summary>
    public ResourceKind Kind { get; }

    /// <summary>The cluster that is watched, as it is called in messages.</summary>
    public string ClusterName => _api.ClusterName;

    /// <summary>What has been seen.</summary>
    public Store Store { get; } = new();

    /// <summary>How far the store can be relied on.</summary>
    public InformerState State { get; private set; } = InformerState.Starting;

    /// <summary>Follows the cluster until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await FollowAsync(cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ListIfNeededAsync(cancellationToken);
            await WatchOnceAsync(cancellationToken);
        }
        catch (KubernetesApiException exception)
        {
            await RecoverAsync(exception, cancellationToken);
        }
    }

    private async Task ListIfNeededAsync(CancellationToken cancellationToken)
    {
        if (_resourceVersion is not null)
        {
            return;
        }

        List<KubeObject> listed = [];
        ListPage page;
        string? next = null;
        do
        {
            var request = new ListRequest(
                _selection.Namespace, _selection.LabelSelector, _selection.FieldSelector, _options.PageSize, next);
            page = await _api.ListAsync(Kind, request, cancellationToken);
            listed.AddRange(page.Items.Where(item => _selection.Includes(item.Key)));
            next = page.Continue;
        }
        while (next is not null);

        foreach (var (key, before, after) in Store.Replace(listed, page.ResourceVersion))
        {
            _onChange(new InformerChange(Kind, key, before, after));
        }

        _resourceVersion = page.ResourceVersion;
        LogListed(Kind.QualifiedPlural, ClusterName, listed.Count);
        Recovered();
    }

    private async Task WatchOnceAsync(CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        var request = new WatchRequest(
            _resourceVersion!,
            _selection.Namespace,
            _selection.LabelSelector,
            _selection.FieldSelector,
            _options.WatchTimeout * (1 + _random.NextDouble()));
        await foreach (var change in _api.WatchAsync(Kind, request, cancellationToken))
        {
            Take(change);
            Recovered();
        }

        if (_time.GetElapsedTime(started) < _options.BaseDelay)
        {
            await Task.Delay(_options.BaseDelay, _time, cancellationToken);
        }

        Recovered();
    }

    private void Take(WatchEvent change)
    {
        var subject = change.Subject;
        _resourceVersion = subject.ResourceVersion;
        if (!_selection.Includes(subject.Key))
        {
            return;
        }

        switch (change.Type)
        {
            case WatchEventType.Bookmark:
                Store.Saw(subject.ResourceVersion);
                break;
            case WatchEventType.Deleted:
                _onChange(new InformerChange(Kind, subject.Key, Store.Remove(subject) ?? subject, null));
                break;
            default:
                var before = Store.Put(subject);
                if (before?.ResourceVersion != subject.ResourceVersion)
                {
                    _onChange(new InformerChange(Kind, subject.Key, before, subject));
                }

                break;
        }
    }

    private async Task RecoverAsync(KubernetesApiException exception, CancellationToken cancellationToken)
    {
        if (!exception.IsTransient)
        {
            _resourceVersion = null;
        }

        if (exception.IsGone)
        {
            LogGone(Kind.QualifiedPlural, ClusterName);
        }
        else
        {
            Failed(exception);
        }

        var doubled = _options.BaseDelay * Math.Pow(2, Math.Min(_failures++, 20));
        var delay = (doubled < _options.MaxDelay ? doubled : _options.MaxDelay) * (0.5 + (_random.NextDouble() / 2));
        await Task.Delay(exception.RetryAfter > delay ? exception.RetryAfter.Value : delay, _time, cancellationToken);
    }

    private void Failed(KubernetesApiException exception)
    {
        if (_failures == 0)
        {
            _failingSince = _time.GetTimestamp();
        }

        if (exception.IsNotFound)
        {
            foreach (var (key, before, _) in Store.Replace([], "18446744073709551615"))
            {
                _onChange(new InformerChange(Kind, key, before, null));
            }

            SetState(new InformerState(HasSynced: true, IsServed: false, Failure: null));
        }
        else if (!State.HasSynced || _time.GetElapsedTime(_failingSince) >= _options.FailureGrace)
        {
            SetState(State with { IsServed = true, Failure = exception });
        }
    }

    private void Recovered()
    {
        _failures = 0;
        SetState(new InformerState(HasSynced: true, IsServed: true, Failure: null));
    }

    private void SetState(InformerState state)
    {
        var isNews = state.HasSynced != State.HasSynced || state.IsServed != State.IsServed
            || (state.Failure?.Code, state.Failure?.Message) != (State.Failure?.Code, State.Failure?.Message);
        State = state;
        if (!isNews)
        {
            return;
        }

        if (state.Failure is { } failure)
        {
            LogFailing(Kind.QualifiedPlural, ClusterName, failure.Message);
        }
        else if (!state.IsServed)
        {
            LogNotServed(Kind.QualifiedPlural, ClusterName);
        }

        _onState();
    }

    [LoggerMessage(LogLevel.Debug, "Listed {Resource} on the {Cluster}: {Count}")]
    private partial void LogListed(string resource, string cluster, int count);

    [LoggerMessage(LogLevel.Debug, "The {Cluster} no longer has the place where the watch of {Resource} was; listing again")]
    private partial void LogGone(string resource, string cluster);

    [LoggerMessage(LogLevel.Warning, "Cannot follow {Resource} on the {Cluster}: {Message}")]
    private partial void LogFailing(string resource, string cluster, string message);

    [LoggerMessage(LogLevel.Warning, "The {Cluster} does not serve {Resource}: its CustomResourceDefinition is not installed")]
    private partial void LogNotServed(string resource, string cluster);
}

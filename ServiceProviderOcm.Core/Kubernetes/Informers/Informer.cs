using Microsoft.Extensions.Logging;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.Informers;

/// <summary>
/// Keeps a <see cref="Store"/> equal to what a cluster has of one kind: lists, then watches from the list's resourceVersion
/// on; resumes broken watches where they broke, and lists again where the server no longer knows that place (410).
/// </summary>
public sealed partial class Informer
{
    private const string Unexpected = "Unexpected";

    private readonly IKubernetesApi _api;
    private readonly Selection _selection;
    private readonly InformerOptions _options;
    private readonly Action<InformerChange> _onChange;
    private readonly Action _onState;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly ILogger _logger;
    private string? _resourceVersion;
    private Uri? _server;
    private int _failures;
    private long? _failingSince;
    private long? _openedAt;
    private bool _cannotWatch;

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

    /// <summary>
    /// Whether the server has ever served the whole list. It stays so: what goes wrong later is in <see cref="State"/>.
    /// </summary>
    public bool HasListed { get; private set; }

    /// <summary>Follows the cluster until cancelled, whatever happens.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                await FollowAsync(cancellationToken);
            }
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
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
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogUnexpected(Kind.QualifiedPlural, ClusterName, exception);
            await RecoverAsync(new KubernetesApiException(0, Unexpected, exception.Message, inner: exception), cancellationToken);
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
            Tell(new InformerChange(Kind, key, before, after));
        }

        _resourceVersion = page.ResourceVersion;
        _server = page.Server;
        LogListed(Kind.QualifiedPlural, ClusterName, listed.Count);
        Listed();
    }

    private async Task WatchOnceAsync(CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        var request = new WatchRequest(
            _resourceVersion!,
            _selection.Namespace,
            _selection.LabelSelector,
            _selection.FieldSelector,
            _options.WatchTimeout * (1 + _random.NextDouble()))
        { Opened = Opened, Server = _server };
        await foreach (var change in _api.WatchAsync(Kind, request, cancellationToken))
        {
            Take(change);
            Progressed();
        }

        Progressed();
        if (_time.GetElapsedTime(started) < _options.BaseDelay)
        {
            await Task.Delay(_options.BaseDelay, _time, cancellationToken);
        }
    }

    private void Take(WatchEvent change)
    {
        var subject = change.Subject;
        if (subject.ResourceVersion.Length > 0)
        {
            _resourceVersion = subject.ResourceVersion;
        }

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
                if (Store.Remove(subject, out var last))
                {
                    Tell(new InformerChange(Kind, subject.Key, last ?? subject, null));
                }

                break;
            default:
                if (Store.Put(subject, out var before))
                {
                    Tell(new InformerChange(Kind, subject.Key, before, subject));
                }

                break;
        }
    }

    // A listener's mistake must not cost the others their news.
    private void Tell(InformerChange change)
    {
        try
        {
            _onChange(change);
        }
        catch (Exception exception)
        {
            LogUnexpected(Kind.QualifiedPlural, ClusterName, exception);
        }
    }

    private async Task RecoverAsync(KubernetesApiException exception, CancellationToken cancellationToken)
    {
        if (_openedAt is { } openedAt && _time.GetElapsedTime(openedAt) >= _options.MaxDelay)
        {
            _failures = 0;
        }

        _openedAt = null;
        _cannotWatch = _resourceVersion is not null && !exception.IsGone;
        if (!exception.IsTransient)
        {
            _resourceVersion = null;
        }

        if (exception.IsGone)
        {
            LogGone(Kind.QualifiedPlural, ClusterName);
        }

        Failed(exception);
        var doubled = _options.BaseDelay * Math.Pow(2, Math.Min(_failures++, 20));
        var delay = (doubled < _options.MaxDelay ? doubled : _options.MaxDelay) * (0.5 + (_random.NextDouble() / 2));
        var asked = exception.RetryAfter < _options.WatchTimeout ? exception.RetryAfter.Value : _options.WatchTimeout;
        await Task.Delay(exception.RetryAfter > delay ? asked : delay, _time, cancellationToken);
    }

    private void Failed(KubernetesApiException exception)
    {
        if (exception.IsNotFound)
        {
            // First, so that nobody takes the objects for deleted who has not been told.
            _failingSince = null;
            SetState(new InformerState(HasSynced: true, IsServed: false, Failure: null));
            foreach (var (key, before, _) in Store.Replace([], "18446744073709551615"))
            {
                Tell(new InformerChange(Kind, key, before, null));
            }

            return;
        }

        var failingSince = _failingSince ??= _time.GetTimestamp();
        var mayWait = State.HasSynced || exception.IsGone;
        if (!mayWait || _time.GetElapsedTime(failingSince) >= _options.FailureGrace)
        {
            SetState(State with { IsServed = true, Failure = exception });
        }
    }

    // A list heals what a list has broken. Where it is the watch that fails, listing again and again does not help.
    private void Listed()
    {
        HasListed = true;
        _failingSince = _cannotWatch ? _failingSince : null;
        SetState(new InformerState(HasSynced: true, IsServed: true, Failure: _cannotWatch ? State.Failure : null));
    }

    // The store is up to date again, but whether the watch lasts remains to be seen: the next pause may be a longer one.
    private void Opened()
    {
        _openedAt ??= _time.GetTimestamp();
        _cannotWatch = false;
        _failingSince = null;
        SetState(new InformerState(HasSynced: true, IsServed: true, Failure: null));
    }

    private void Progressed()
    {
        Opened();
        _failures = 0;
    }

    private void SetState(InformerState state)
    {
        var isNews = state.HasSynced != State.HasSynced || state.IsServed != State.IsServed
            || (state.Failure?.Code, state.Failure?.Reason) != (State.Failure?.Code, State.Failure?.Reason);
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

        try
        {
            _onState();
        }
        catch (Exception exception)
        {
            LogUnexpected(Kind.QualifiedPlural, ClusterName, exception);
        }
    }

    [LoggerMessage(LogLevel.Debug, "Listed {Resource} on the {Cluster}: {Count}")]
    private partial void LogListed(string resource, string cluster, int count);

    [LoggerMessage(LogLevel.Debug, "The {Cluster} no longer has the place where the watch of {Resource} was; listing again")]
    private partial void LogGone(string resource, string cluster);

    [LoggerMessage(LogLevel.Warning, "Cannot follow {Resource} on the {Cluster}: {Message}")]
    private partial void LogFailing(string resource, string cluster, string message);

    [LoggerMessage(LogLevel.Error, "Following {Resource} on the {Cluster} went wrong in a way that was not foreseen")]
    private partial void LogUnexpected(string resource, string cluster, Exception exception);

    [LoggerMessage(LogLevel.Warning, "The {Cluster} does not serve {Resource}: its CustomResourceDefinition is not installed")]
    private partial void LogNotServed(string resource, string cluster);
}

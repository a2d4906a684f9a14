using Microsoft.Extensions.Logging;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Naming;

namespace ServiceProviderOcm.Core.Kubernetes.LeaderElection;

/// <summary>
/// Sees to it that one replica works at a time: the one that holds a Lease, which it has to renew. The rules are client-go's. Unlike
/// there, those who stand by watch the Lease, so that they notice at once when it is given up.
/// </summary>
/// <param name="api">The cluster with the Lease; a request must not take longer than a good part of the renew deadline.</param>
/// <param name="lease">The Lease; it is created where it is missing.</param>
/// <param name="identity">Who we are; nobody else may ever have been that.</param>
/// <param name="options">Durations.</param>
/// <param name="time">Clock.</param>
/// <param name="random">Jitter.</param>
/// <param name="logger">Log.</param>
/// <exception cref="ArgumentException">The durations do not fit together.</exception>
public sealed partial class LeaderElector(
    IKubernetesApi api,
    ObjectKey lease,
    string identity,
    LeaderElectionOptions options,
    TimeProvider time,
    Random random,
    ILogger<LeaderElector> logger)
{
    // A lease whose holder renews it is watched for this long at a time.
    private static readonly TimeSpan WatchTimeout = TimeSpan.FromMinutes(5);

    private readonly LeaderElectionOptions _options = options.Validated();
    private readonly ObservedLease _lease = new(options.LeaseDuration, time);
    private volatile bool _isHolder;
    private long _renewedAt;
    private string? _holderTold;
    private string? _trouble;

    /// <summary>
    /// Whether the lease is ours beyond doubt: we have held it within the renew deadline, by the monotonic clock, counted from when
    /// the renewal was sent. It is computed whenever it is asked for, so that a process that was frozen knows at once.
    /// </summary>
    public bool IsLeading => _isHolder && RemainingTerm > TimeSpan.Zero;

    /// <summary>Who held the lease when it was last seen; empty if nobody did.</summary>
    public string Holder => _lease.Record.Holder;

    private TimeSpan RemainingTerm => time.GetElapsedTime(Volatile.Read(ref _renewedAt)) is var elapsed && elapsed < _options.RenewDeadline
        ? _options.RenewDeadline - elapsed
        : TimeSpan.Zero;

    /// <summary>The Lease of a provider, in its own namespace; those of other names or API groups have others.</summary>
    public static ObjectKey LeaseOf(Identity provider) => new(
        provider.PodNamespace,
        PlatformNames.Shorten($"{provider.Api.Group}--{provider.ProviderName}", PlatformNames.MaxNameLength));

    /// <summary>Waits for the lease, works while holding it, and gives it up when the work is done.</summary>
    /// <param name="work">The work. Its token is cancelled when the lease is lost: it has to end at once then.</param>
    /// <param name="cancellationToken">Ends waiting. The work has to end by itself, for which it is given time.</param>
    /// <exception cref="LeadershipLostException">The lease was lost before the work was done.</exception>
    public async Task RunAsync(Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        await AcquireAsync(cancellationToken);
        using var term = new CancellationTokenSource(RemainingTerm, time);
        using var done = new CancellationTokenSource();
        var renewing = RenewAsync(term, done.Token);
        try
        {
            await work(term.Token);
            term.Token.ThrowIfCancellationRequested();
        }
        catch (Exception exception) when (term.IsCancellationRequested)
        {
            throw new LeadershipLostException(Loss(), exception);
        }
        finally
        {
            await done.CancelAsync();
            await renewing;
            await ReleaseAsync();
        }
    }

    private async Task AcquireAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await ReadAsync(cancellationToken);
                if (!_lease.MayBeTakenBy(identity))
                {
                    await StandByAsync(cancellationToken);
                }

                if (_lease.MayBeTakenBy(identity) && await TryHoldAsync(cancellationToken))
                {
                    LogAcquired(lease, identity);
                    return;
                }
            }
            catch (KubernetesApiException exception)
            {
                Tell(exception);
            }

            var jitter = LeaderElectionOptions.JitterFactor * random.NextDouble();
            await Task.Delay(_options.RetryPeriod * (1 + jitter), time, cancellationToken);
        }
    }

    // Until the lease may be taken, or the watch ends.
    private async Task StandByAsync(CancellationToken cancellationToken)
    {
        TellHolder();
        if (_lease.ResourceVersion is not { } resourceVersion)
        {
            return;
        }

        using var expiry = new CancellationTokenSource(Expiry(), time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, expiry.Token);
        var request = new WatchRequest(resourceVersion, lease.Namespace, null, $"metadata.name={lease.Name}", WatchTimeout);
        try
        {
            await foreach (var change in api.WatchAsync(Kinds.Lease, request, stop.Token))
            {
                if (change.Type == WatchEventType.Bookmark)
                {
                    continue;
                }

                _trouble = null;
                _lease.See(change.Type == WatchEventType.Deleted ? null : change.Subject);
                if (_lease.MayBeTakenBy(identity))
                {
                    return;
                }

                TellHolder();
                expiry.CancelAfter(Expiry());
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Nobody has renewed the lease, as far as we can see.
        }
    }

    private TimeSpan Expiry() => _lease.Remaining < WatchTimeout ? _lease.Remaining : WatchTimeout;

    // Ends the term once the lease is somebody else's; that it was not renewed for too long, the term notices by itself.
    private async Task RenewAsync(CancellationTokenSource term, CancellationToken done)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(term.Token, done);
        try
        {
            do
            {
                term.CancelAfter(RemainingTerm);
                await Task.Delay(_options.RetryPeriod, time, stop.Token);
            }
            while (await TryRenewAsync(term.Token));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return;
        }

        await term.CancelAsync();
    }

    private async Task<bool> TryRenewAsync(CancellationToken cancellationToken)
    {
        if (!IsLeading)
        {
            return false;
        }

        try
        {
            if (await TryHoldAsync(cancellationToken))
            {
                _trouble = null;
            }
            else
            {
                await ReadAsync(cancellationToken);
            }
        }
        catch (KubernetesApiException exception)
        {
            Tell(exception);
        }

        return _isHolder = Holder == identity;
    }

    private async Task ReleaseAsync()
    {
        var wasLeading = IsLeading;
        _isHolder = false;
        if (!wasLeading)
        {
            return;
        }

        try
        {
            if (await TryWriteAsync(_lease.Record.Released(time.GetUtcNow()), CancellationToken.None))
            {
                LogReleased(lease);
            }
        }
        catch (KubernetesApiException exception)
        {
            LogNotReleased(lease, _options.LeaseDuration, exception.Message);
        }
    }

    private async Task<bool> TryHoldAsync(CancellationToken cancellationToken)
    {
        var sentAt = time.GetTimestamp();
        if (!await TryWriteAsync(_lease.Record.HeldBy(identity, _options.LeaseDuration, time.GetUtcNow()), cancellationToken))
        {
            return false;
        }

        Volatile.Write(ref _renewedAt, sentAt);
        _isHolder = true;
        return true;
    }

    // False if the lease is no longer as it was seen last.
    private async Task<bool> TryWriteAsync(LeaseRecord record, CancellationToken cancellationToken)
    {
        var seen = _lease.ResourceVersion;
        try
        {
            _lease.See(seen is null
                ? await api.CreateAsync(Kinds.Lease, record.ToManifest(lease), cancellationToken)
                : await api.MergePatchAsync(Kinds.Lease, lease, record.ToPatch(seen), null, cancellationToken));
            return true;
        }
        catch (KubernetesApiException exception) when (exception.IsConflict || (exception.IsNotFound && seen is not null))
        {
            return false;
        }
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            _lease.See(await api.GetAsync(Kinds.Lease, lease, cancellationToken));
        }
        catch (KubernetesApiException exception) when (exception.IsNotFound)
        {
            _lease.See(null);
        }
    }

    private string Loss() => Holder == identity
        ? $"Leadership is lost: Lease {lease} on the {api.ClusterName} was not renewed within {_options.RenewDeadline}"
            + (_trouble is null ? "" : $": {_trouble}")
        : $"Leadership is lost: Lease {lease} on the {api.ClusterName} is held by \"{Holder}\"";

    private void TellHolder()
    {
        if (Holder != _holderTold)
        {
            _holderTold = Holder;
            LogStandingBy(lease, Holder);
        }
    }

    private void Tell(KubernetesApiException exception)
    {
        if (exception.Message != _trouble)
        {
            _trouble = exception.Message;
            LogTrouble(lease, api.ClusterName, exception.Message);
        }
    }

    [LoggerMessage(LogLevel.Information, "Lease {Lease} is ours, {Identity}: leading")]
    private partial void LogAcquired(ObjectKey lease, string identity);

    [LoggerMessage(LogLevel.Information, "Lease {Lease} is held by {Holder}: standing by")]
    private partial void LogStandingBy(ObjectKey lease, string holder);

    [LoggerMessage(LogLevel.Information, "Lease {Lease} is given up: another replica may lead")]
    private partial void LogReleased(ObjectKey lease);

    [LoggerMessage(LogLevel.Warning, "Lease {Lease} could not be given up, so that others wait {Duration} for it to run out: {Message}")]
    private partial void LogNotReleased(ObjectKey lease, TimeSpan duration, string message);

    [LoggerMessage(LogLevel.Warning, "Lease {Lease} on the {Cluster} cannot be read or written: {Message}; trying again")]
    private partial void LogTrouble(ObjectKey lease, string cluster, string message);
}

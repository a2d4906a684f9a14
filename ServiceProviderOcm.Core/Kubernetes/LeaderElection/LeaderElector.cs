using Microsoft.Extensions.Logging;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.LeaderElection;

/// <summary>
/// Ensures that one replica works at a time: the one that holds a Lease and renews it. The rules are client-go's. Unlike there,
/// candidates watch the Lease, so that they notice at once when it is released.
/// </summary>
/// <param name="api">The cluster with the Lease; a request must not take longer than a good part of the renew deadline.</param>
/// <param name="lease">The Lease; it is created where it is missing.</param>
/// <param name="identity">The identity of this replica; must be unique for all time.</param>
/// <param name="options">Durations.</param>
/// <param name="time">Clock.</param>
/// <param name="random">Jitter.</param>
/// <param name="logger">Log.</param>
/// <exception cref="ArgumentException">The durations are inconsistent.</exception>
public sealed partial class LeaderElector(
    IKubernetesApi api,
    ObjectKey lease,
    string identity,
    LeaderElectionOptions options,
    TimeProvider time,
    Random random,
    ILogger<LeaderElector> logger)
{
    private readonly LeaderElectionOptions _options = options.Validated();
    private readonly LeaseClient _lease = new(api, lease, identity, options.LeaseDuration, time);
    private readonly LeaderTerm _term = new(options.RenewDeadline, time);
    private string? _loggedHolder;
    private volatile string? _lastError;

    /// <summary>Whether this replica certainly holds the lease. Cheap enough to be called before each write.</summary>
    public bool IsLeading => _term.IsCertain;

    /// <summary>The holder when the lease was last read; empty if there was none.</summary>
    public string Holder => _lease.Holder;

    /// <summary>The error of the last request, until one succeeds; null if there is none.</summary>
    public string? LastError => _lastError;

    /// <summary>
    /// Whether this replica is a standby: another one has acquired or renewed the lease while this one observed it. False while the holder
    /// may have ended without releasing the lease.
    /// </summary>
    public bool IsStandby => !IsLeading && _lease.IsHeldByAnother;

    /// <summary>Waits for the lease, works while holding it, and releases it when the work is done.</summary>
    /// <param name="work">The work. Its token is cancelled when the lease is lost: it must end at once then.</param>
    /// <param name="cancellationToken">Ends the wait for the lease. The work must end by itself, for which it is given time.</param>
    /// <exception cref="LeadershipLostException">The lease was lost before the work was done.</exception>
    public async Task RunAsync(Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        await AcquireAsync(cancellationToken);
        using var term = new CancellationTokenSource(_term.Remaining, time);
        using var done = new CancellationTokenSource();
        var renewing = RenewAsync(term, done.Token);
        try
        {
            await work(term.Token);
            term.Token.ThrowIfCancellationRequested();
        }
        catch (Exception exception) when (term.IsCancellationRequested)
        {
            throw new LeadershipLostException(LossMessage(), exception);
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
                await _lease.ReadAsync(cancellationToken);
                if (!_lease.IsAvailable)
                {
                    LogHolder();
                    await _lease.WatchAsync(OnChange, cancellationToken);
                }

                if (_lease.IsAvailable && await TryHoldAsync(cancellationToken))
                {
                    LogAcquired(lease, identity);
                    return;
                }
            }
            catch (KubernetesApiException exception)
            {
                LogNewError(exception);
            }

            var jitter = LeaderElectionOptions.JitterFactor * random.NextDouble();
            await Task.Delay(_options.RetryPeriod * (1 + jitter), time, cancellationToken);
        }
    }

    private void OnChange()
    {
        _lastError = null;
        if (!_lease.IsAvailable)
        {
            LogHolder();
        }
    }

    // Ends the term if another replica holds the lease; if it is not renewed in time, the term ends by itself.
    private async Task RenewAsync(CancellationTokenSource term, CancellationToken done)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(term.Token, done);
        try
        {
            do
            {
                term.CancelAfter(_term.Remaining);
                await Task.Delay(_options.RetryPeriod, time, stop.Token);
            }
            while (await TryRenewAsync(term.Token));
        }
        catch (OperationCanceledException) when (term.IsCancellationRequested || done.IsCancellationRequested)
        {
            // Not stop: when the term ends, a request of it may end before the linked source does.
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
                _lastError = null;
            }
            else
            {
                await _lease.ReadAsync(cancellationToken);
            }
        }
        catch (KubernetesApiException exception)
        {
            LogNewError(exception);
        }

        if (Holder == identity)
        {
            return true;
        }

        _term.End();
        return false;
    }

    private async Task<bool> TryHoldAsync(CancellationToken cancellationToken)
    {
        var sentAt = time.GetTimestamp();
        if (!await _lease.TryHoldAsync(cancellationToken))
        {
            return false;
        }

        _term.Renew(sentAt);
        return true;
    }

    private async Task ReleaseAsync()
    {
        var wasLeading = IsLeading;
        _term.End();
        if (!wasLeading)
        {
            return;
        }

        try
        {
            if (await _lease.TryReleaseAsync(CancellationToken.None))
            {
                LogReleased(lease);
            }
        }
        catch (KubernetesApiException exception)
        {
            LogNotReleased(lease, _options.LeaseDuration, exception.Message);
        }
    }

    private string LossMessage() => Holder == identity
        ? $"Leadership lost: Lease {lease} on the {api.ClusterName} was not renewed within {_options.RenewDeadline}"
            + (_lastError is null ? "" : $": {_lastError}")
        : $"Leadership lost: Lease {lease} on the {api.ClusterName} is held by \"{Holder}\"";

    private void LogHolder()
    {
        if (Holder != _loggedHolder)
        {
            _loggedHolder = Holder;
            LogWaiting(lease, Holder);
        }
    }

    private void LogNewError(KubernetesApiException exception)
    {
        if (exception.Message != _lastError)
        {
            _lastError = exception.Message;
            LogFailed(lease, api.ClusterName, exception.Message);
        }
    }

    [LoggerMessage(LogLevel.Information, "Acquired Lease {Lease} as {Identity}")]
    private partial void LogAcquired(ObjectKey lease, string identity);

    [LoggerMessage(LogLevel.Information, "Waiting for Lease {Lease}, which is held by {Holder}")]
    private partial void LogWaiting(ObjectKey lease, string holder);

    [LoggerMessage(LogLevel.Information, "Released Lease {Lease}")]
    private partial void LogReleased(ObjectKey lease);

    [LoggerMessage(LogLevel.Warning, "Lease {Lease} was not released: {Message}. Other replicas wait {Duration} until it expires")]
    private partial void LogNotReleased(ObjectKey lease, TimeSpan duration, string message);

    [LoggerMessage(LogLevel.Warning, "Lease {Lease} on the {Cluster} cannot be read or written: {Message}; retrying")]
    private partial void LogFailed(ObjectKey lease, string cluster, string message);
}

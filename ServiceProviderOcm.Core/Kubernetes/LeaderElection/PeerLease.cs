using Microsoft.Extensions.Logging;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.LeaderElection;

/// <summary>
/// The Lease of another program that must not work at the same time. It is only read: what that program does when it finds the Lease
/// taken is its own affair.
/// </summary>
/// <param name="api">The cluster that has the Lease.</param>
/// <param name="lease">The Lease.</param>
/// <param name="overdue">How long to wait until an error is logged, and logged again.</param>
/// <param name="time">Clock.</param>
/// <param name="logger">Log.</param>
public sealed partial class PeerLease(IKubernetesApi api, ObjectKey lease, TimeSpan overdue, TimeProvider time, ILogger<PeerLease> logger)
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan UsualDuration = TimeSpan.FromSeconds(15);

    // Permissions that are being granted, and tokens that are being renewed, take a moment.
    private static readonly TimeSpan LongestDenial = TimeSpan.FromMinutes(1);

    // Only what is observed counts, as with client-go, since clocks differ between machines. A program that ended without releasing its Lease
    // leaves it for good, and must not delay each start: no clock is wrong by a day.
    private static readonly TimeSpan Tolerance = TimeSpan.FromDays(1);

    // Leases of leader elections last 15 s.
    private static readonly TimeSpan LongestObservation = TimeSpan.FromMinutes(1);

    /// <summary>The error of the last request; empty if there is none.</summary>
    public string LastError { get; private set; } = "";

    /// <summary>The holder that is waited for; empty if there is none.</summary>
    internal string Holder { get; private set; } = "";

    /// <summary>
    /// Waits until the Lease is free: it does not exist, has no holder, or was not renewed for its duration while it was observed. Where it may not be read for a
    /// minute, it does not wait longer.
    /// </summary>
    /// <returns>Whether the Lease is free; false if it may not be read.</returns>
    public async Task<bool> WaitUntilFreeAsync(CancellationToken cancellationToken)
    {
        var (started, reports) = (time.GetTimestamp(), 0);
        var deniedSince = (long?)null;
        var observed = new ObservedLease(UsualDuration, time);
        while (true)
        {
            try
            {
                var found = await FindAsync(cancellationToken);
                observed.Observe(found);
                (deniedSince, LastError) = (null, "");
                if (found is null || observed.Remaining == TimeSpan.Zero || IsLongExpired(found))
                {
                    Holder = "";
                    return true;
                }

                if (Holder != observed.Record.Holder)
                {
                    Holder = observed.Record.Holder;
                    LogHeld(lease, api.ClusterName, Holder);
                }
            }
            catch (KubernetesApiException exception) when (
                exception.IsDenied && time.GetElapsedTime(deniedSince ??= time.GetTimestamp()) >= LongestDenial)
            {
                LogForbidden(lease, api.ClusterName, exception.Message);
                return false;
            }
            catch (KubernetesApiException exception)
            {
                if (exception.Message != LastError)
                {
                    LastError = exception.Message;
                    LogUnreadable(lease, api.ClusterName, LastError);
                }
            }

            var elapsed = time.GetElapsedTime(started);
            if (elapsed >= overdue * (reports + 1))
            {
                reports = (int)(elapsed / overdue);
                LogOverdue(elapsed);
            }

            await Task.Delay(Poll, time, cancellationToken);
        }
    }

    /// <summary>
    /// Who holds the Lease; empty if it is free. That takes until the holder renews it, or until it was not renewed for its duration. What
    /// neither happens to within a minute is held.
    /// </summary>
    /// <exception cref="KubernetesApiException">A request failed.</exception>
    public async Task<string> FindHolderAsync(CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var observed = new ObservedLease(UsualDuration, time);
        while (true)
        {
            var found = await FindAsync(cancellationToken);
            observed.Observe(found);
            if (found is null || observed.Remaining == TimeSpan.Zero || IsLongExpired(found))
            {
                return "";
            }

            if (observed.IsHolderAlive || time.GetElapsedTime(started) >= LongestObservation)
            {
                return observed.Record.Holder;
            }

            await Task.Delay(Poll, time, cancellationToken);
        }
    }

    private void LogOverdue(TimeSpan elapsed)
    {
        var seconds = (long)elapsed.TotalSeconds;
        if (LastError.Length > 0)
        {
            LogStillUnreadable(lease, api.ClusterName, seconds, LastError);
        }
        else
        {
            LogStillHeld(lease, api.ClusterName, Holder, seconds);
        }
    }

    private async Task<KubeObject?> FindAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await api.GetAsync(Kinds.Lease, lease, cancellationToken);
        }
        catch (KubernetesApiException exception) when (exception.IsNotFound)
        {
            return null;
        }
    }

    private bool IsLongExpired(KubeObject found) =>
        found.Json.Moment("spec", "renewTime") is { } renewed
        && time.GetUtcNow() - renewed > (LeaseRecord.Of(found).Duration ?? UsualDuration) + Tolerance;

    [LoggerMessage(
        LogLevel.Warning,
        "Waiting for Lease {Lease} on the {Cluster}, which {Holder} holds: another provider of the same OCMs is running. Stop it to continue")]
    private partial void LogHeld(ObjectKey lease, string cluster, string holder);

    [LoggerMessage(
        LogLevel.Error,
        "Lease {Lease} on the {Cluster} is still held by {Holder} after {Seconds}s, and no OCM is reconciled until it is free. A platform operator must "
            + "stop the other provider, whose pod has the name before the underscore in the holder; kubectl get pods --all-namespaces lists it on the "
            + "platform cluster")]
    private partial void LogStillHeld(ObjectKey lease, string cluster, string holder, long seconds);

    [LoggerMessage(
        LogLevel.Error,
        "Lease {Lease} on the {Cluster} could not be read for {Seconds}s, and no OCM is reconciled until it is known to be free: {Error}. A platform "
            + "operator must check that the cluster is reachable")]
    private partial void LogStillUnreadable(ObjectKey lease, string cluster, long seconds, string error);

    [LoggerMessage(
        LogLevel.Warning, "Lease {Lease} on the {Cluster} is not considered: {Error}. Make sure that no other provider of the same OCMs is running")]
    private partial void LogForbidden(ObjectKey lease, string cluster, string error);

    [LoggerMessage(LogLevel.Warning, "Reading Lease {Lease} on the {Cluster} failed and is retried: {Error}")]
    private partial void LogUnreadable(ObjectKey lease, string cluster, string error);
}

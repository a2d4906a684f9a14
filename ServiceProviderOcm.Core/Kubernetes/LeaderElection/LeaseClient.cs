using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.LeaderElection;

/// <summary>Reads, watches and writes one Lease as one of its candidates.</summary>
internal sealed class LeaseClient(IKubernetesApi api, ObjectKey key, string identity, TimeSpan duration, TimeProvider time)
{
    // A lease whose holder renews it is watched for this long at a time.
    private static readonly TimeSpan WatchTimeout = TimeSpan.FromMinutes(5);

    private readonly ObservedLease _observed = new(duration, time);

    /// <summary>The holder as of the latest read, watch event or write; empty if there is none.</summary>
    public string Holder => _observed.Record.Holder;

    /// <summary>Whether this candidate holds the lease, or may take it.</summary>
    public bool IsAvailable => _observed.MayBeTakenBy(identity);

    /// <summary>
    /// Whether another replica has acquired or renewed the lease while this one observed it: an earlier holder may have ended.
    /// </summary>
    public bool IsHeldByAnother => Holder != identity && _observed.IsHolderAlive;

    private TimeSpan WatchTime => _observed.Remaining < WatchTimeout ? _observed.Remaining : WatchTimeout;

    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            _observed.Observe(await api.GetAsync(Kinds.Lease, key, cancellationToken));
        }
        catch (KubernetesApiException exception) when (exception.IsNotFound)
        {
            _observed.Observe(null);
        }
    }

    /// <summary>Watches until the lease is available, was not renewed for its duration, or the watch ends.</summary>
    /// <param name="onChange">Called after each change.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task WatchAsync(Action onChange, CancellationToken cancellationToken)
    {
        if (_observed.ResourceVersion is not { } resourceVersion)
        {
            return;
        }

        using var expiry = new CancellationTokenSource(WatchTime, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, expiry.Token);
        var request = new WatchRequest(resourceVersion, key.Namespace, null, $"metadata.name={key.Name}", WatchTimeout);
        try
        {
            await foreach (var change in api.WatchAsync(Kinds.Lease, request, stop.Token))
            {
                if (change.Type == WatchEventType.Bookmark)
                {
                    continue;
                }

                _observed.Observe(change.Type == WatchEventType.Deleted ? null : change.Subject);
                onChange();
                if (IsAvailable)
                {
                    return;
                }

                expiry.CancelAfter(WatchTime);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The lease was not renewed for its duration.
        }
    }

    /// <summary>Takes or renews the lease; false if it has been changed since it was observed.</summary>
    public Task<bool> TryHoldAsync(CancellationToken cancellationToken) =>
        TryWriteAsync(_observed.Record.HeldBy(identity, duration, time.GetUtcNow()), cancellationToken);

    /// <summary>Releases the lease; false if it has been changed since it was observed.</summary>
    public Task<bool> TryReleaseAsync(CancellationToken cancellationToken) =>
        TryWriteAsync(_observed.Record.Released(time.GetUtcNow()), cancellationToken);

    private async Task<bool> TryWriteAsync(LeaseRecord record, CancellationToken cancellationToken)
    {
        var version = _observed.ResourceVersion;
        try
        {
            _observed.Observe(version is null
                ? await api.CreateAsync(Kinds.Lease, record.ToManifest(key), cancellationToken)
                : await api.MergePatchAsync(Kinds.Lease, key, record.ToPatch(version), null, cancellationToken));
            return true;
        }
        catch (KubernetesApiException exception) when (exception.IsConflict || (exception.IsNotFound && version is not null))
        {
            return false;
        }
    }
}

using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.LeaderElection;

/// <summary>
/// A Lease as observed by one of its candidates. It expires once the candidate has seen no change for its duration. The times in it do
/// not count, since they are by other machines' clocks. That is client-go's rule.
/// </summary>
/// <param name="usualDuration">The duration of a Lease that has none.</param>
/// <param name="time">Clock.</param>
internal sealed class ObservedLease(TimeSpan usualDuration, TimeProvider time)
{
    private long _changedAt;

    /// <summary>The version last observed; null if the Lease was not found.</summary>
    public string? ResourceVersion { get; private set; }

    /// <summary>
    /// The content last observed. It is kept when the Lease is deleted: its holder continues to work until it notices.
    /// </summary>
    public LeaseRecord Record { get; private set; } = LeaseRecord.None;

    /// <summary>How long the holder may still work.</summary>
    public TimeSpan Remaining
    {
        get
        {
            var remaining = (Record.Duration ?? usualDuration) - time.GetElapsedTime(_changedAt);
            return Record.Holder.Length > 0 && remaining > TimeSpan.Zero ? remaining : TimeSpan.Zero;
        }
    }

    /// <summary>Whether the holder has acquired or renewed the Lease while this candidate observed it, and it has not expired since.</summary>
    public bool IsHolderAlive => HasChanged && Remaining > TimeSpan.Zero;

    private bool HasChanged { get; set; }

    public bool MayBeTakenBy(string identity) => Record.Holder == identity || Remaining == TimeSpan.Zero;

    /// <summary>Records the Lease; null if it was not found.</summary>
    public void Observe(KubeObject? lease)
    {
        ResourceVersion = lease?.ResourceVersion;
        if (lease is not null && LeaseRecord.Of(lease) is var record && record != Record)
        {
            HasChanged = Record != LeaseRecord.None;
            Record = record;
            _changedAt = time.GetTimestamp();
        }
    }
}

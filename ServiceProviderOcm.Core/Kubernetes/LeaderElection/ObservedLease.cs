using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.LeaderElection;

/// <summary>
/// A Lease as one of its candidates sees it. It has run out once it has been left unchanged for its duration before the candidate's
/// own eyes; what the times in it say does not matter, since they are by other machines' clocks. That is client-go's rule.
/// </summary>
/// <param name="usualDuration">Counts where the Lease does not say its duration.</param>
/// <param name="time">Clock.</param>
internal sealed class ObservedLease(TimeSpan usualDuration, TimeProvider time)
{
    private long _changedAt;

    /// <summary>The version seen last; null if the Lease was not there.</summary>
    public string? ResourceVersion { get; private set; }

    /// <summary>
    /// What was in the Lease when it was last there. A holder whose Lease has been deleted goes on working until it notices, so
    /// that deleting is not releasing.
    /// </summary>
    public LeaseRecord Record { get; private set; } = LeaseRecord.None;

    /// <summary>How long the holder may still be at work.</summary>
    public TimeSpan Remaining
    {
        get
        {
            var remaining = (Record.Duration ?? usualDuration) - time.GetElapsedTime(_changedAt);
            return Record.Holder.Length > 0 && remaining > TimeSpan.Zero ? remaining : TimeSpan.Zero;
        }
    }

    public bool MayBeTakenBy(string identity) => Record.Holder == identity || Remaining == TimeSpan.Zero;

    /// <summary>Takes note of the Lease; null if it is not there.</summary>
    public void See(KubeObject? lease)
    {
        ResourceVersion = lease?.ResourceVersion;
        if (lease is not null && LeaseRecord.Of(lease) is var record && record != Record)
        {
            Record = record;
            _changedAt = time.GetTimestamp();
        }
    }
}

namespace ServiceProviderOcm.Core.Kubernetes.LeaderElection;

/// <summary>
/// For how long leadership is certain: until the renew deadline, counted by the monotonic clock from when the last renewal was sent. It
/// is computed on each read, so that a process that was frozen notices at once. Thread-safe.
/// </summary>
internal sealed class LeaderTerm(TimeSpan renewDeadline, TimeProvider time)
{
    private volatile bool _isHolder;
    private long _renewedAt;

    public bool IsCertain => _isHolder && Remaining > TimeSpan.Zero;

    public TimeSpan Remaining => time.GetElapsedTime(Volatile.Read(ref _renewedAt)) is var elapsed && elapsed < renewDeadline
        ? renewDeadline - elapsed
        : TimeSpan.Zero;

    /// <summary>The lease was taken or renewed by a request sent at this timestamp.</summary>
    public void Renew(long sentAt)
    {
        Volatile.Write(ref _renewedAt, sentAt);
        _isHolder = true;
    }

    /// <summary>Another candidate holds the lease, or it is about to be released.</summary>
    public void End() => _isHolder = false;
}

namespace ServiceProviderOcm.Tests.Servers;

/// <summary>
/// The requests for resources that an API server has seen, apart from its own. An entry may turn up a moment after its answer
/// has: wait for the last one expected before counting.
/// </summary>
public abstract class AuditLog
{
    /// <summary>The present end of the log, to read on from later.</summary>
    public abstract long Mark();

    /// <summary>The requests since a mark.</summary>
    public abstract IReadOnlyList<AuditEntry> Since(long mark);
}

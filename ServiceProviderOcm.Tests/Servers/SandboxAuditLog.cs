using ServiceProviderOcm.Sandbox.ApiServer.Http;

namespace ServiceProviderOcm.Tests.Servers;

/// <summary>The requests that an API server in the process has seen.</summary>
internal sealed class SandboxAuditLog(RequestLog log) : AuditLog
{
    /// <inheritdoc/>
    public override long Mark() => log.Count;

    /// <inheritdoc/>
    public override IReadOnlyList<AuditEntry> Since(long mark) => [.. log.Since(mark).Select(Entry)];

    private static AuditEntry Entry(RequestRecord record) => new(
        record.UserAgent,
        record.User,
        record.Request.Verb,
        record.Request.Group,
        record.Request.Resource,
        record.Request.Subresource,
        record.Request.Namespace,
        record.Request.Name,
        record.Code,
        record.Time)
    {
        SendsInitialEvents = record.SendsInitialEvents,
    };
}

using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Worlds;

/// <summary>Picks the controller's requests out of an audit log.</summary>
public static class AuditEntries
{
    private static readonly string[] Reads = ["get", "list", "watch"];

    public static bool IsOurs(this AuditEntry entry) => entry.UserAgent.StartsWith("service-provider-ocm", StringComparison.Ordinal);

    public static bool IsWriteOfOurs(this AuditEntry entry) => entry.IsOurs() && !Reads.Contains(entry.Verb);
}

using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Worlds;

/// <summary>Selects the requests of the provider in an audit log.</summary>
public static class AuditEntries
{
    private static readonly string[] Reads = ["get", "list", "watch"];

    public static bool IsFromProvider(this AuditEntry entry) => entry.UserAgent.StartsWith("service-provider-ocm", StringComparison.Ordinal);

    public static bool IsProviderWrite(this AuditEntry entry) => entry.IsFromProvider() && !Reads.Contains(entry.Verb);
}

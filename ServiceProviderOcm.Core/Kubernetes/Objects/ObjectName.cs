namespace ServiceProviderOcm.Core.Kubernetes.Objects;

/// <summary>Names of most kinds, Secrets and ConfigMaps among them.</summary>
public static class ObjectName
{
    /// <inheritdoc cref="DnsNames.IsSubdomain"/>
    public static bool IsValid(string name) => DnsNames.IsSubdomain(name);
}

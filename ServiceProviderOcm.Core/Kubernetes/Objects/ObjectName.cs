using System.Text.RegularExpressions;

namespace ServiceProviderOcm.Core.Kubernetes.Objects;

/// <summary>Names as Kubernetes has them for most kinds, Secrets and ConfigMaps among them: DNS subdomains (RFC 1123).</summary>
public static partial class ObjectName
{
    private const int MaxLength = 253;

    /// <summary>Whether an object can have this name.</summary>
    public static bool IsValid(string name) => name.Length <= MaxLength && Subdomain().IsMatch(name);

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Subdomain();
}

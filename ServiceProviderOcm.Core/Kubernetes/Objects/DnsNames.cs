using System.Text.RegularExpressions;

namespace ServiceProviderOcm.Core.Kubernetes.Objects;

/// <summary>Validates names by the rules that Kubernetes takes from DNS (RFC 1123).</summary>
public static partial class DnsNames
{
    /// <summary>The maximum length of a label.</summary>
    public const int MaxLabelLength = 63;

    /// <summary>The maximum length of a subdomain.</summary>
    public const int MaxSubdomainLength = 253;

    /// <summary>Whether the text is a DNS label, as the name of a Namespace must be.</summary>
    public static bool IsLabel(string text) => text.Length <= MaxLabelLength && Label().IsMatch(text);

    /// <summary>Whether the text is a DNS subdomain, as the name of a Secret and of most other objects, and an API group must be.</summary>
    public static bool IsSubdomain(string text) => text.Length <= MaxSubdomainLength && Subdomain().IsMatch(text);

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9-]*[a-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Label();

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Subdomain();
}

namespace ServiceProviderOcm.Core.Model.Configuration;

/// <summary>The ConfigMap that a ProviderConfig names in <c>spec.caBundleRef</c>.</summary>
/// <param name="Name">The ConfigMap's name; empty if no usable one is configured.</param>
/// <param name="Key">The key in its data.</param>
/// <param name="IsInjected">Whether the toolkit's Deployment is changed so that it trusts the bundle.</param>
public sealed record CaBundleReference(string Name, string Key, bool IsInjected)
{
    /// <summary>No bundle is configured, or not in a way that could be used.</summary>
    public static readonly CaBundleReference None = new("", "", IsInjected: false);
}

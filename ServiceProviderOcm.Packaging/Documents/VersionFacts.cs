namespace ServiceProviderOcm.Packaging.Documents;

/// <summary>What all documents of a version say.</summary>
/// <param name="Version">The version, such as <c>0.1.7</c>.</param>
/// <param name="Revision">The commit.</param>
/// <param name="Created">The time of the commit.</param>
/// <param name="Source">The URL of the repository.</param>
/// <param name="Image">The name of the image in its registry, without tag and digest.</param>
public sealed record VersionFacts(string Version, string Revision, DateTimeOffset Created, Uri Source, string Image)
{
    /// <summary>The name of the product.</summary>
    public const string Product = "service-provider-ocm";

    /// <summary>The annotations of the image.</summary>
    public IReadOnlyDictionary<string, string> Annotations => new Dictionary<string, string>
    {
        ["org.opencontainers.image.title"] = Product,
        ["org.opencontainers.image.description"] = "Offers the OCM K8s Toolkit to the tenants of an openMCP platform",
        ["org.opencontainers.image.licenses"] = "Apache-2.0",
        ["org.opencontainers.image.version"] = Version,
        ["org.opencontainers.image.revision"] = Revision,
        ["org.opencontainers.image.created"] = Time,
        ["org.opencontainers.image.source"] = Source.OriginalString,
    };

    /// <summary>The time of the commit, as RFC 3339 writes it.</summary>
    public string Time => Created.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
}

namespace ServiceProviderOcm.Core.Model.Configuration;

/// <summary>One version on offer.</summary>
/// <param name="Version">What tenants write in <c>spec.version</c>.</param>
/// <param name="Tag">The chart's tag.</param>
/// <param name="Source">Where the chart comes from.</param>
public sealed record CatalogEntry(string Version, string Tag, ChartSource Source)
{
    /// <summary>The digest of the chart, which is installed whatever the tag points to; empty if none is pinned.</summary>
    public string Digest { get; init; } = "";

    /// <summary>Whether the version is deprecated, and for what; null if it is not.</summary>
    public Deprecation? Deprecation { get; init; }
}

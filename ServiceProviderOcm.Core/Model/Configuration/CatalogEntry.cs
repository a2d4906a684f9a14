namespace ServiceProviderOcm.Core.Model.Configuration;

/// <summary>One version on offer.</summary>
/// <param name="Version">What tenants write in <c>spec.version</c>.</param>
/// <param name="Tag">The chart's tag.</param>
/// <param name="Source">Where the chart comes from.</param>
public sealed record CatalogEntry(string Version, string Tag, ChartSource Source);

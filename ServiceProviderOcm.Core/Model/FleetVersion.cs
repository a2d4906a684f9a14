namespace ServiceProviderOcm.Core.Model;

/// <summary>How many OCMs request a version, and how many of them are Ready.</summary>
/// <param name="Version">What tenants write in <c>spec.version</c>.</param>
/// <param name="ChartVersion">The chart's tag.</param>
/// <param name="Total">The number of OCMs.</param>
/// <param name="Ready">The number of OCMs that are Ready.</param>
public sealed record FleetVersion(string Version, string ChartVersion, int Total, int Ready);

namespace ServiceProviderOcm.Core.Tools.Status;

/// <summary>The numbers of OCMs in the status of a ProviderConfig; null where it does not say.</summary>
/// <param name="Total">All.</param>
/// <param name="Ready">Those that are Ready.</param>
/// <param name="Updated">Those that are at the newest revision, or for which it installs the same.</param>
/// <param name="Unavailable">Those that are not available.</param>
public sealed record RolloutCounts(long? Total, long? Ready, long? Updated, long? Unavailable);

namespace ServiceProviderOcm.Core.Tools.Status;

/// <summary>The numbers of canaries that are installed.</summary>
/// <param name="Total">All.</param>
/// <param name="Updated">Those that are updated.</param>
/// <param name="HavePassed">Whether all are updated and none has failed, so that other OCMs may be.</param>
public sealed record CanaryCounts(int Total, int Updated, bool HavePassed);

namespace ServiceProviderOcm.Core.Rollout;

/// <summary>How far the rollout of the newest revision is.</summary>
/// <param name="CurrentRevision">The revision that was last rolled out completely.</param>
/// <param name="UpdateRevision">The newest revision.</param>
/// <param name="Total">The number of OCMs.</param>
/// <param name="Available">The number of OCMs that are installed and available.</param>
/// <param name="Decision">The last decision.</param>
public sealed record RolloutStatus(
    string CurrentRevision, string UpdateRevision, int Total, int Available, RolloutDecision Decision);

using ServiceProviderOcm.Core.Model.Configuration;

namespace ServiceProviderOcm.Core.Rollout;

/// <summary>What is known of the rollout of the newest revision.</summary>
/// <param name="Status">How far it is; null if nothing has been decided about it yet.</param>
/// <param name="StoreError">Why it cannot begin, because the revision is not stored; empty if it is, or has not been tried yet.</param>
public sealed record RolloutProgress(RolloutStatus? Status, string StoreError)
{
    /// <summary>Whether nothing is updated until somebody acts, or OCMs become Ready.</summary>
    public bool IsStalled => StoreError.Length > 0 || Status is { Decision.IsStalled: true };

    /// <summary>
    /// What was decided about an earlier revision says nothing about the newest one. Once something is decided about that one, it is stored.
    /// While the ProviderConfig is paused, nothing is stored, and nothing is stalled.
    /// </summary>
    /// <param name="newest">The newest configuration.</param>
    /// <param name="last">The last that was decided; null if nothing has been decided yet.</param>
    /// <param name="error">The last error of storing a revision; empty if there is none.</param>
    public static RolloutProgress Of(InstallConfig newest, RolloutStatus? last, string error)
    {
        var status = last?.UpdateRevision == newest.Revision ? last : null;
        return new RolloutProgress(status, status is null && newest is { Exists: true, IsPaused: false } ? error : "");
    }
}

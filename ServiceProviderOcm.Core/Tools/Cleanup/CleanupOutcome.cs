namespace ServiceProviderOcm.Core.Tools.Cleanup;

/// <summary>What became of the orphaned objects of one tenant.</summary>
public enum CleanupOutcome
{
    /// <summary>They would be deleted.</summary>
    WouldDelete,

    /// <summary>They are deleted.</summary>
    Deleted,

    /// <summary>They must not be deleted, or their deletion is not finished in time.</summary>
    Blocked,

    /// <summary>They are not orphaned any more: their OCM exists again.</summary>
    Adopted,

    /// <summary>A request failed.</summary>
    Failed,
}

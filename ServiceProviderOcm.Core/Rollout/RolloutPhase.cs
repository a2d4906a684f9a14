namespace ServiceProviderOcm.Core.Rollout;

/// <summary>How far a rollout is.</summary>
public enum RolloutPhase
{
    /// <summary>All OCMs that can be updated are, and no more have failed than may.</summary>
    Complete,

    /// <summary>OCMs are updated, or are to be.</summary>
    Progressing,

    /// <summary>The settings hold it.</summary>
    Paused,

    /// <summary>More updated OCMs have failed than may: <see cref="RolloutDecision.Failed"/>.</summary>
    TooManyFailures,

    /// <summary>
    /// A canary has failed: <see cref="RolloutDecision.Failed"/>. No OCM is updated but canaries that have failed and are not at the revision.
    /// </summary>
    CanaryFailed,

    /// <summary>
    /// No OCM is at the revision, and none can be: it is invalid, or offers none of the versions that are installed. It is not rolled out.
    /// </summary>
    NotOffered,

    /// <summary>For as long as the progress deadline, too many OCMs have been unavailable to update an available one.</summary>
    TooManyUnavailable,
}

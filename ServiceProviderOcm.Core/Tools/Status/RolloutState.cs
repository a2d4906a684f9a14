namespace ServiceProviderOcm.Core.Tools.Status;

/// <summary>How far the rollout of a ProviderConfig is, as its status says.</summary>
public enum RolloutState
{
    /// <summary>The status says nothing of it.</summary>
    Unknown,

    /// <summary>The status is of an earlier generation of the ProviderConfig.</summary>
    Pending,

    /// <summary>OCMs are updated, or are to be.</summary>
    Progressing,

    /// <summary>The settings hold it.</summary>
    Paused,

    /// <summary>Nothing is updated until somebody acts, or OCMs become Ready.</summary>
    Stalled,

    /// <summary>All OCMs that can be updated are.</summary>
    Complete,
}

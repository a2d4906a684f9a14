namespace ServiceProviderOcm.Core.Controller;

/// <summary>What became of the steps of a plan.</summary>
internal enum ApplyOutcome
{
    /// <summary>There were none, or none of them changed anything.</summary>
    Unchanged,

    /// <summary>All of them were applied, and something changed.</summary>
    Changed,

    /// <summary>One of them failed, or what the plan was made on is deleted.</summary>
    Stopped,
}

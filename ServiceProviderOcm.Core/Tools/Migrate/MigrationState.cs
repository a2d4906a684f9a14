namespace ServiceProviderOcm.Core.Tools.Migrate;

/// <summary>How far the migration of one OCM is.</summary>
public enum MigrationState
{
    /// <summary>Its objects are to be copied and relabelled.</summary>
    Copying,

    /// <summary>The new OCM is not Ready yet.</summary>
    AwaitingReady,

    /// <summary>The old objects are to be deleted.</summary>
    Removing,

    /// <summary>The OCM was deleted meanwhile; its deletion is carried over.</summary>
    Deleting,

    /// <summary>A person has to act first.</summary>
    Blocked,

    /// <summary>Nothing is left of the old group.</summary>
    Done,
}

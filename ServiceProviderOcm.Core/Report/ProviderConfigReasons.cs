namespace ServiceProviderOcm.Core.Report;

/// <summary>
/// The reasons of the ProviderConfig's conditions and of the Events on it, beside those of OCMs that an invalid configuration prevents from
/// being installed.
/// </summary>
public static class ProviderConfigReasons
{
    /// <summary>The configuration is valid.</summary>
    public const string ConfigurationValid = "ConfigurationValid";

    /// <summary>The newest revision is rolled out.</summary>
    public const string NewRevisionAvailable = "NewRevisionAvailable";

    /// <summary>The newest revision is being rolled out.</summary>
    public const string RolloutProgressing = "RolloutProgressing";

    /// <summary>The settings hold the rollout.</summary>
    public const string RolloutPaused = "RolloutPaused";

    /// <summary>The rollout has stalled.</summary>
    public const string ProgressDeadlineExceeded = "ProgressDeadlineExceeded";

    /// <summary>The newest revision cannot be stored, and is not rolled out.</summary>
    public const string RevisionNotStored = "RevisionNotStored";

    /// <summary>OCMs have an installation and request a version that is not on offer; of the condition VersionWarning only.</summary>
    public const string VersionNotOffered = "VersionNotOffered";

    /// <summary>All OCMs are paused.</summary>
    public const string OperationIgnore = "OperationIgnore";

    /// <summary>OCMs of another API group exist.</summary>
    public const string OcmsNotReconciled = "OcmsNotReconciled";

    /// <summary>The OCMs are not paused any more; of an Event only.</summary>
    public const string OperationIgnoreRemoved = "OperationIgnoreRemoved";
}

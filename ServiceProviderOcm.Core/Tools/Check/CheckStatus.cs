namespace ServiceProviderOcm.Core.Tools.Check;

/// <summary>The outcome of a check.</summary>
public enum CheckStatus
{
    /// <summary>The prerequisite is met.</summary>
    Ok,

    /// <summary>Nothing fails now, but it needs attention.</summary>
    Warning,

    /// <summary>The prerequisite is not met.</summary>
    Failed,

    /// <summary>The check did not run, because another one failed.</summary>
    Skipped,
}

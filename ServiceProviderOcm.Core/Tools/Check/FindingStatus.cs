namespace ServiceProviderOcm.Core.Tools.Check;

/// <summary>How a check has come out.</summary>
public enum FindingStatus
{
    /// <summary>As it has to be.</summary>
    Ok,

    /// <summary>Not as it has to be for good, but nothing fails by it now.</summary>
    Warning,

    /// <summary>Something does not work, or will not.</summary>
    Failed,

    /// <summary>Not looked at, since what it takes to look is missing.</summary>
    Skipped,
}

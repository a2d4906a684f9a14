namespace ServiceProviderOcm.Worker.Settings;

/// <summary>How much is logged, in the platform's words.</summary>
public enum Verbosity
{
    /// <summary>What somebody has to look at.</summary>
    Error,

    /// <summary>What has happened to each OCM.</summary>
    Info,

    /// <summary>Each step.</summary>
    Debug,
}

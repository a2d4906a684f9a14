namespace ServiceProviderOcm.Worker.Settings;

/// <summary>The log level, in the terms of the platform.</summary>
public enum Verbosity
{
    /// <summary>Errors only.</summary>
    Error,

    /// <summary>Changes of each OCM.</summary>
    Info,

    /// <summary>Each step of a reconciliation.</summary>
    Debug,
}

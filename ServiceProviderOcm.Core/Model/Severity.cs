namespace ServiceProviderOcm.Core.Model;

/// <summary>Whether a verdict calls for somebody.</summary>
public enum Severity
{
    /// <summary>All is well.</summary>
    Success,

    /// <summary>All is on its way, and ends by itself.</summary>
    Waiting,

    /// <summary>Something is wrong or missing.</summary>
    Fault,
}

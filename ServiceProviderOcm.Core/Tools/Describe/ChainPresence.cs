namespace ServiceProviderOcm.Core.Tools.Describe;

/// <summary>Whether an object of a chain exists.</summary>
public enum ChainPresence
{
    /// <summary>It exists.</summary>
    Present,

    /// <summary>It does not exist.</summary>
    Missing,

    /// <summary>It was not read.</summary>
    Unknown,
}

namespace ServiceProviderOcm.Core.Tools.Check;

/// <summary>What a check has found.</summary>
/// <param name="Name">What was checked; the same from one run to the next.</param>
/// <param name="Status">How it came out.</param>
/// <param name="Message">What was found. Never the content of a Secret.</param>
/// <param name="Cure">What to do about it; null if nothing has to be done.</param>
public sealed record Finding(string Name, FindingStatus Status, string Message, string? Cure)
{
    /// <summary>All is well.</summary>
    public static Finding Ok(string name, string message) => new(name, FindingStatus.Ok, message, null);

    /// <summary>Somebody should know.</summary>
    public static Finding Warning(string name, string message, string cure) => new(name, FindingStatus.Warning, message, cure);

    /// <summary>Somebody has to do something.</summary>
    public static Finding Failed(string name, string message, string cure) => new(name, FindingStatus.Failed, message, cure);

    /// <summary>Nobody has looked.</summary>
    public static Finding Skipped(string name, string message) => new(name, FindingStatus.Skipped, message, null);
}

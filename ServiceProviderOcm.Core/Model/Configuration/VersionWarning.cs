namespace ServiceProviderOcm.Core.Model.Configuration;

/// <summary>What the user of a version should know of it, although it is installed.</summary>
/// <param name="Reason">The reason of the condition and of the Event.</param>
/// <param name="Message">What it is, and what to do.</param>
public sealed record VersionWarning(string Reason, string Message);

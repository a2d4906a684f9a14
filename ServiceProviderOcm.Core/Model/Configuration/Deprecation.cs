namespace ServiceProviderOcm.Core.Model.Configuration;

/// <summary>That a version is deprecated: it is installed all the same, and its users have a warning.</summary>
/// <param name="Message">Why, and until when it is supported; empty if nothing is said.</param>
/// <param name="Replacement">The version to use instead; empty if none is named.</param>
public sealed record Deprecation(string Message, string Replacement);

namespace ServiceProviderOcm.Core.Model;

/// <summary>A limit that an OCM is beyond.</summary>
/// <param name="Name">Its name in metrics.</param>
/// <param name="Setting">The setting, as a flag.</param>
/// <param name="Limit">The limit.</param>
/// <param name="Actual">The actual value.</param>
public sealed record ExceededLimit(string Name, string Setting, long Limit, long Actual);

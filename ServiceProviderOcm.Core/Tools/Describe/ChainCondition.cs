namespace ServiceProviderOcm.Core.Tools.Describe;

/// <summary>A condition of an object.</summary>
/// <param name="Type">The type.</param>
/// <param name="Status"><c>True</c>, <c>False</c> or <c>Unknown</c>.</param>
/// <param name="Reason">The reason.</param>
/// <param name="Message">The message, without values of Secrets.</param>
/// <param name="Since">The last transition.</param>
public sealed record ChainCondition(string Type, string Status, string Reason, string Message, DateTimeOffset? Since);

namespace ServiceProviderOcm.Core.Tools.Describe;

/// <summary>An Event on an object of a chain.</summary>
/// <param name="Time">When it was last observed.</param>
/// <param name="Type"><c>Normal</c> or <c>Warning</c>.</param>
/// <param name="Reason">The reason.</param>
/// <param name="Regarding">Kind and name of the object.</param>
/// <param name="Message">The message, without values of Secrets.</param>
public sealed record ChainEvent(DateTimeOffset? Time, string Type, string Reason, string Regarding, string Message);

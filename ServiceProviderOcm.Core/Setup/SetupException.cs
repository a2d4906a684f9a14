namespace ServiceProviderOcm.Core.Setup;

/// <summary>A step of <c>init</c> failed. The message has the reason and the fix.</summary>
public sealed class SetupException(string message, Exception? inner = null) : Exception(message, inner);

namespace ServiceProviderOcm.Core.Setup;

/// <summary>Something that the controller needs could not be put in place. The message says what, and what to do.</summary>
public sealed class SetupException(string message, Exception? inner = null) : Exception(message, inner);

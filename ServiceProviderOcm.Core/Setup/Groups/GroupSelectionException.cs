namespace ServiceProviderOcm.Core.Setup.Groups;

/// <summary>It is not clear which API group to serve. The message says why and what to do.</summary>
public sealed class GroupSelectionException(string message, Exception? inner = null) : Exception(message, inner);

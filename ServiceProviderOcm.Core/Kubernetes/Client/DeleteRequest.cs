namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>How to delete an object.</summary>
/// <param name="Uid">Delete only the object of this uid, not a later one of the same name; null for whichever it is.</param>
/// <param name="ResourceVersion">Delete only this version, not what somebody has written since; null for whichever it is.</param>
public sealed record DeleteRequest(string? Uid = null, string? ResourceVersion = null);

namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>How to delete an object.</summary>
/// <param name="Uid">Delete only the object of this uid, not a later one of the same name; null for whichever it is.</param>
/// <param name="ResourceVersion">Delete only the object at this version; null for any.</param>
/// <param name="PropagationPolicy"><c>Background</c>, <c>Foreground</c> or <c>Orphan</c>.</param>
public sealed record DeleteRequest(string? Uid = null, string? ResourceVersion = null, string PropagationPolicy = "Background");

namespace ServiceProviderOcm.Core.Kubernetes.Informers;

/// <summary>From where to watch.</summary>
/// <param name="ResourceVersion">The version up to which all changes are known.</param>
/// <param name="Server">The API server whose version it is, if known; it means nothing to another one.</param>
public sealed record WatchPosition(string ResourceVersion, Uri? Server);

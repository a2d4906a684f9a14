namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>Which API server has answered.</summary>
/// <param name="Server">The server's root.</param>
/// <param name="Version">Such as <c>v1.34.1</c>.</param>
public sealed record ServerVersion(Uri Server, string Version);

using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Tools.Describe;

/// <summary>What reading an object has yielded.</summary>
/// <param name="Cluster">The name of its cluster.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Key">Its namespace and name.</param>
/// <param name="Found">The object; null if it does not exist, or was not read.</param>
/// <param name="Error">Why it was not read, and what to do; empty if it was.</param>
public sealed record ReadObject(string Cluster, ResourceKind Kind, ObjectKey Key, KubeObject? Found, string Error = "");

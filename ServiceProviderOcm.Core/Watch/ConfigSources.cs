using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Configuration;

namespace ServiceProviderOcm.Core.Watch;

/// <summary>The objects that a ProviderConfig refers to.</summary>
/// <param name="Secrets">The Secrets that exist, by name.</param>
/// <param name="CaBundle">The CA bundle.</param>
public sealed record ConfigSources(IReadOnlyDictionary<string, KubeObject> Secrets, CaBundle CaBundle);

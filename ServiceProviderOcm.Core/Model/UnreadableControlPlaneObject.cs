using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Model;

/// <summary>A managed object on a control plane that cannot be read.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Key">Its key; the name is empty if it is not known.</param>
/// <param name="Error">The object as messages show it, and why it cannot be read.</param>
public sealed record UnreadableControlPlaneObject(ResourceKind Kind, ObjectKey Key, KubernetesApiException Error);

using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.Informers;

/// <summary>An object was added, modified or deleted.</summary>
/// <param name="Kind">The object's kind.</param>
/// <param name="Key">The object's key.</param>
/// <param name="Before">The object before; null if it was added.</param>
/// <param name="After">The object now; null if it was deleted.</param>
/// <param name="Bytes">What the server has sent for it in a watch; 0 for a list.</param>
public readonly record struct InformerChange(ResourceKind Kind, ObjectKey Key, KubeObject? Before, KubeObject? After, int Bytes = 0);

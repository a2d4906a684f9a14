using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.Informers;

/// <summary>An object has come, changed or gone.</summary>
/// <param name="Kind">The object's kind.</param>
/// <param name="Key">The object's key.</param>
/// <param name="Before">As it was; null if it is new.</param>
/// <param name="After">As it is; null if it is gone.</param>
public readonly record struct InformerChange(ResourceKind Kind, ObjectKey Key, KubeObject? Before, KubeObject? After);

namespace ServiceProviderOcm.Core.Kubernetes.Kubeconfig;

/// <summary>Where a kubeconfig came from.</summary>
/// <param name="Name">What messages call it.</param>
/// <param name="Directory">What relative paths in it start from; null where it may not name files.</param>
internal sealed record ConfigOrigin(string Name, string? Directory);

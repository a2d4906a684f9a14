using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Telemetry;

namespace ServiceProviderOcm.Core.Kubernetes.Kubeconfig;

/// <summary>Makes the connections to clusters whose kubeconfigs come out of Secrets.</summary>
/// <param name="CreateSource">A source, by its name for messages, that has no kubeconfig yet.</param>
/// <param name="CreateApi">A client over such a source.</param>
public sealed record KubeconfigConnector(
    Func<string, KubeconfigSecretSource> CreateSource, Func<IConnectionSource, IKubernetesApi> CreateApi)
{
    /// <summary>Counts the open connections of the sources, if these are created with it.</summary>
    public UseCount Open { get; init; } = new();
}

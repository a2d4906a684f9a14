using ServiceProviderOcm.Core.Client;
using ServiceProviderOcm.Core.Client.Kubeconfig;

namespace ServiceProviderOcm.Core.Observe;

/// <summary>Makes the connections to clusters whose kubeconfigs come out of Secrets.</summary>
/// <param name="CreateSource">A source, by its name for messages, that has no kubeconfig yet.</param>
/// <param name="CreateApi">A client over such a source.</param>
public sealed record ControlPlaneConnector(
    Func<string, KubeconfigSecretSource> CreateSource, Func<IConnectionSource, IKubernetesApi> CreateApi);

using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Kubeconfig;
using ServiceProviderOcm.Tests.Support.Metrics;

namespace ServiceProviderOcm.Tests.Servers;

/// <summary>The client under test, connected to a real server.</summary>
public sealed class RealApi : IDisposable
{
    private readonly KubeconfigSecretSource _source = new("test", ClientOptions.Connection);

    public RealApi(TestCluster cluster, string user = ServerUser.AdminName, KubernetesApiOptions? options = null)
    {
        _source.Update(cluster.Kubeconfig(user));
        Api = new KubernetesApi(
            $"{cluster.Name} cluster", _source, options ?? ClientOptions.Default, TimeProvider.System, TestMetrics.Create().Requests);
    }

    public KubernetesApi Api { get; }

    public void Dispose() => _source.Dispose();
}

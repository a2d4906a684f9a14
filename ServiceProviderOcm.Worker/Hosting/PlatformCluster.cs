using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ServiceProviderOcm.Core.Client;
using ServiceProviderOcm.Core.Client.Kubeconfig;

namespace ServiceProviderOcm.Worker.Hosting;

/// <summary>The way to the platform cluster, for all who need one.</summary>
public sealed class PlatformCluster(IOptions<ProviderOptions> options, TimeProvider time, ILoggerFactory loggers)
{
    private readonly Lazy<IKubernetesApi> _api = new(() => Connect(options.Value, time, loggers));

    /// <summary>The cluster's API server.</summary>
    /// <exception cref="KubeconfigException">Nothing says where it is.</exception>
    public IKubernetesApi Api => _api.Value;

    private static KubernetesApi Connect(ProviderOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        var connection = new ConnectionOptions { KubeconfigPath = OrNull(options.Kubeconfig), Context = OrNull(options.Context) };
        return new KubernetesApi(
            "platform cluster", ConnectionSources.Platform(connection, time, loggers), new KubernetesApiOptions(), time);
    }

    private static string? OrNull(string text) => text.Length == 0 ? null : text;
}

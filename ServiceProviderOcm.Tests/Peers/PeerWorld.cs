using System.Text;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Plan;
using ServiceProviderOcm.Tests.Peers.Charts;
using ServiceProviderOcm.Tests.Peers.Processes;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Peers;

/// <summary>A world on real API servers of its own, in which real programs take the places of stand-ins.</summary>
public sealed class PeerWorld : IAsyncDisposable
{
    private static readonly PeerBinaries Binaries = PeerBinaries.Current;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("service-provider-ocm-peers-");
    private readonly TestClusterSet _clusters;
    private ChartRegistry? _registry;
    private FluxPeers? _flux;
    private PeerProcess? _controllerManager;

    private PeerWorld(TestClusterSet clusters, ProviderWorld provider) => (_clusters, Provider) = (clusters, provider);

    /// <summary>The clusters and the provider.</summary>
    public ProviderWorld Provider { get; }

    /// <summary>The registry, after its start.</summary>
    public ChartRegistry Registry => _registry ?? throw new InvalidOperationException("the registry has not been started");

    /// <summary>Starts API servers, and the stand-ins.</summary>
    public static async Task<PeerWorld> StartAsync(ProviderApi? api = null)
    {
        var clusters = await TestClusters.StartRealAsync();
        var provider = await ProviderWorld.OnAsync(clusters, api);
        await clusters.Platform.InstallCrdsAsync(PlatformKinds.ServiceProvider.Plural);
        return new PeerWorld(clusters, provider);
    }

    /// <summary>Starts a registry with these versions of the chart, and creates the image pull secret and the CA bundle for it.</summary>
    /// <returns>The digest of each version.</returns>
    public async Task<IReadOnlyDictionary<string, string>> StartRegistryAsync(params string[] versions)
    {
        _registry = await ChartRegistry.StartAsync(Binaries, _folder.FullName);
        Dictionary<string, string> digests = new(StringComparer.Ordinal);
        foreach (var version in versions)
        {
            digests[version] = await _registry.PushAsync(version);
        }

        await Provider.CaBundleAsync(_registry.AuthorityPem);
        await Provider.Platform.Api.ApplyAsync(Kinds.Secret, new JsonObject
        {
            ["metadata"] = new JsonObject { ["namespace"] = Provider.PodNamespace, ["name"] = ProviderWorld.PullSecretName },
            ["type"] = Manifests.PullSecretType,
            ["data"] = new JsonObject
            {
                [Manifests.PullSecretKey] = Convert.ToBase64String(Encoding.UTF8.GetBytes(_registry.DockerConfig)),
            },
        });
        return digests;
    }

    /// <summary>Starts Flux in place of its stand-in.</summary>
    /// <param name="trustsRegistry">Whether source-controller trusts the registry without a CA bundle, for providers that have none.</param>
    public async Task StartFluxAsync(bool trustsRegistry = false)
    {
        await Provider.Flux.StopAsync();
        string? trusted = null;
        if (trustsRegistry)
        {
            trusted = Path.Combine(_folder.FullName, "trusted.pem");
            await File.WriteAllTextAsync(trusted, Registry.AuthorityPem);
        }

        _flux = await FluxPeers.StartAsync(
            Binaries, Provider.Platform, Provider.KubeconfigFile(Provider.Platform), _folder.FullName, trusted);
    }

    /// <summary>Starts kube-controller-manager on the control plane.</summary>
    public void StartControllerManager() =>
        _controllerManager = ControllerManagerPeer.Start(Binaries, Provider.KubeconfigFile(Provider.Mcp), _folder.FullName);

    /// <summary>The Go provider.</summary>
    public GoPeer Go => new(Binaries, Provider);

    /// <summary>Starts openmcp-operator, with this namespace as that of its pod.</summary>
    public Task<PeerProcess> StartOperatorAsync() => OperatorPeer.StartAsync(Binaries, Provider, _folder.FullName);

    /// <summary>The last lines of all logs.</summary>
    public string Logs() => string.Join(
        "\n\n",
        Directory.EnumerateFiles(_folder.FullName, "*.log").Order(StringComparer.Ordinal)
            .Select(file => $"{Path.GetFileName(file)}:\n{string.Join('\n', File.ReadLines(file).TakeLast(40))}"));

    public async ValueTask DisposeAsync()
    {
        await Provider.StopControllerAsync();
        foreach (var process in new IAsyncDisposable?[] { _flux, _controllerManager, _registry, Provider, _clusters.Servers })
        {
            if (process is not null)
            {
                await process.DisposeAsync();
            }
        }

        _folder.Delete(recursive: true);
    }
}

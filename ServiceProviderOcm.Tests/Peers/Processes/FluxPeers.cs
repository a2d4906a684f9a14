using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Peers.Processes;

/// <summary>source-controller and helm-controller on one cluster.</summary>
public sealed class FluxPeers : IAsyncDisposable
{
    private readonly PeerProcess _source;
    private readonly PeerProcess _helm;

    private FluxPeers(PeerProcess source, PeerProcess helm) => (_source, _helm) = (source, helm);

    /// <summary>Both, for their logs.</summary>
    public IEnumerable<PeerProcess> Processes => [_source, _helm];

    /// <summary>Installs the kinds that both watch, starts them, and waits until they are ready.</summary>
    /// <param name="binaries">Where they are.</param>
    /// <param name="cluster">The cluster.</param>
    /// <param name="kubeconfig">A kubeconfig of the cluster, with all permissions.</param>
    /// <param name="folder">A folder for logs and artifacts.</param>
    /// <param name="trustedFile">A file with the only authorities that source-controller trusts; null for those of the machine.</param>
    public static async Task<FluxPeers> StartAsync(
        PeerBinaries binaries, TestCluster cluster, string kubeconfig, string folder, string? trustedFile)
    {
        await cluster.InstallFluxDefinitionsAsync();
        var environment = Environment(kubeconfig);
        var storage = $"127.0.0.1:{LoopbackPort.Free()}";
        var artifacts = Directory.CreateDirectory(Path.Combine(folder, "artifacts")).FullName;
        var sourceEnvironment = new Dictionary<string, string>(environment);
        if (trustedFile is not null)
        {
            sourceEnvironment["SSL_CERT_FILE"] = trustedFile;
        }

        var (sourceHealth, sourceFlags) = CommonFlags();
        var (helmHealth, helmFlags) = CommonFlags();
        var source = PeerProcess.Start(
            binaries, Peer.SourceController, folder, sourceEnvironment,
            [.. sourceFlags, $"--storage-path={artifacts}", $"--storage-addr={storage}", $"--storage-adv-addr={storage}"]);
        var helm = PeerProcess.Start(binaries, Peer.HelmController, folder, environment, helmFlags);
        var flux = new FluxPeers(source, helm);
        try
        {
            await ReadyAsync(source, sourceHealth);
            await ReadyAsync(helm, helmHealth);
            return flux;
        }
        catch
        {
            await flux.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _helm.DisposeAsync();
        await _source.DisposeAsync();
    }

    private static Dictionary<string, string> Environment(string kubeconfig) =>
        new() { ["KUBECONFIG"] = kubeconfig, ["RUNTIME_NAMESPACE"] = "default" };

    private static (Uri Health, IReadOnlyList<string> Flags) CommonFlags()
    {
        var health = $"127.0.0.1:{LoopbackPort.Free()}";
        return (
            new Uri($"http://{health}/"),
            [
                "--events-addr=",
                "--watch-all-namespaces=true",
                "--enable-leader-election=false",
                $"--metrics-addr=127.0.0.1:{LoopbackPort.Free()}",
                $"--health-addr={health}",
                "--log-level=info",
            ]);
    }

    private static async Task ReadyAsync(PeerProcess process, Uri health)
    {
        using var http = new HttpClient { BaseAddress = health };
        await process.ReadyAsync(http, "readyz");
    }
}

using System.Collections.Concurrent;
using System.Diagnostics;

namespace ServiceProviderOcm.Tests.Servers;

/// <summary>One etcd and any number of API servers on it, each a cluster of its own, on the loopback interface.</summary>
public sealed class RealServers : IAsyncDisposable
{
    /// <summary>What stands before a server's command: Go collects garbage less often, because tests have more memory than processors.</summary>
    public static readonly IReadOnlyList<string> LessCollection = ["env", "GOGC=300"];

    private readonly string _assets;
    private readonly string _folder;
    private readonly Uri _etcdUrl;
    private readonly GuardedProcess _etcd;
    private readonly ConcurrentBag<RealCluster> _clusters = [];

    private RealServers(string assets, string folder, Uri etcdUrl, GuardedProcess etcd)
    {
        _assets = assets;
        _folder = folder;
        _etcdUrl = etcdUrl;
        _etcd = etcd;
    }

    /// <summary>Starts etcd.</summary>
    /// <param name="assets">The folder with kube-apiserver and etcd.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    public static async Task<RealServers> StartAsync(string assets, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("service-provider-ocm-tests-").FullName;
        var url = new Uri($"http://127.0.0.1:{LoopbackPort.Free()}");
        var program = Path.Combine(assets, "etcd");
        List<string> command =
        [
            .. LessCollection,
            program,
            "--data-dir", Path.Combine(folder, "etcd"),
            "--listen-client-urls", url.GetLeftPart(UriPartial.Authority),
            "--advertise-client-urls", url.GetLeftPart(UriPartial.Authority),
            "--listen-peer-urls", "http://127.0.0.1:0",
        ];
        if (await KnowsAsync(program, "--unsafe-no-fsync", cancellationToken))
        {
            command.Add("--unsafe-no-fsync");
        }

        // Everything lives in this folder, and etcd outlives the API servers: its guard deletes it.
        var etcd = GuardedProcess.Start(command, Path.Combine(folder, "etcd.log"), folder);
        try
        {
            using var http = new HttpClient { BaseAddress = url };
            await Readiness.WaitAsync("etcd", etcd, http, "health", cancellationToken);
            return new RealServers(assets, folder, url, etcd);
        }
        catch
        {
            await etcd.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts an API server on an empty store.</summary>
    /// <param name="name">The cluster's name, unique among these servers, lower case.</param>
    /// <param name="users">Its users besides the administrator.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    public async Task<RealCluster> StartClusterAsync(
        string name, IReadOnlyList<ServerUser> users, CancellationToken cancellationToken)
    {
        var cluster = new RealCluster(new ApiServerSettings(
            name,
            Path.Combine(_assets, "kube-apiserver"),
            _etcdUrl,
            LoopbackPort.Free(),
            Path.Combine(_folder, name),
            ServerKeys.Create(name),
            [ServerUser.Admin(), .. users]));
        _clusters.Add(cluster);
        await cluster.StartAsync(cancellationToken);
        return cluster;
    }

    /// <summary>Ends all servers and removes what they have stored.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_clusters.Select(cluster => cluster.DisposeAsync().AsTask()));
        await _etcd.DisposeAsync();
    }

    private static async Task<bool> KnowsAsync(string program, string flag, CancellationToken cancellationToken)
    {
        using var help = Process.Start(new ProcessStartInfo(program, ["--help"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        }) ?? throw new InvalidOperationException($"{program} cannot be started");
        var output = help.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = help.StandardError.ReadToEndAsync(cancellationToken);
        return (await output + await errors).Contains(flag[2..], StringComparison.Ordinal);
    }
}

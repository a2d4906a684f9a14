using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Kubeconfig;
using ServiceProviderOcm.Sandbox.ApiServer;
using ServiceProviderOcm.Sandbox.ApiServer.Access;
using ServiceProviderOcm.Sandbox.Demo.Files;

namespace ServiceProviderOcm.Sandbox.Demo.Clusters;

/// <summary>An API server with its users and their kubeconfigs.</summary>
internal sealed class LocalCluster : IAsyncDisposable
{
    /// <summary>The user with all permissions.</summary>
    public const string Admin = "admin";

    /// <summary>The user of the provider on clusters where it has only the permissions that it is granted.</summary>
    public const string Provider = "service-provider-ocm";

    private readonly string _name;
    private readonly TimeProvider _time;
    private readonly IReadOnlyList<SandboxUser> _users;
    private readonly SandboxServer _server;
    private readonly List<KubeconfigFileSource> _connections = [];

    private LocalCluster(string name, TimeProvider time)
    {
        _name = name;
        _time = time;
        _users = [new SandboxUser(Admin, NewToken(), [SandboxUser.Masters]), new SandboxUser(Provider, NewToken(), [])];
        _server = new SandboxServer(new SandboxOptions(name, _users), time);
    }

    /// <summary>The server's root.</summary>
    public Uri Url => _server.Url;

    /// <summary>The file with the administrator's kubeconfig.</summary>
    public string KubeconfigFile { get; private set; } = "";

    /// <summary>Starts a cluster, and writes the administrator's kubeconfig.</summary>
    /// <param name="name">Such as <c>platform</c>.</param>
    /// <param name="folder">Where the kubeconfig goes.</param>
    /// <param name="time">Clock.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    public static async Task<LocalCluster> StartAsync(
        string name, SandboxFolder folder, TimeProvider time, CancellationToken cancellationToken)
    {
        var cluster = new LocalCluster(name, time);
        try
        {
            await cluster._server.StartAsync(cancellationToken);
            cluster.KubeconfigFile = folder.Write($"{name}.yaml", cluster.Kubeconfig(Admin));
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>A client with all permissions, from <see cref="KubeconfigFile"/>.</summary>
    /// <param name="fieldManager">Field manager.</param>
    public IKubernetesApi Connect(string fieldManager)
    {
        var connection = new KubeconfigFileSource(
            [KubeconfigFile], new ConnectionOptions(), _time, NullLogger<KubeconfigFileSource>.Instance);
        _connections.Add(connection);
        return new KubernetesApi(
            $"{_name} cluster", connection, new KubernetesApiOptions { FieldManager = fieldManager }, _time, UncollectedMetrics.Requests);
    }

    public string Kubeconfig(string user) =>
        LocalKubeconfig.Of(_name, _server.Url, _server.CaPem, user, _users.Single(known => known.Name == user).Token);

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _connections)
        {
            connection.Dispose();
        }

        await _server.DisposeAsync();
    }

    private static string NewToken() => RandomNumberGenerator.GetHexString(64, lowercase: true);
}

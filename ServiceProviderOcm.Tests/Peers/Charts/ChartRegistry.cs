using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Org.BouncyCastle.Crypto.Generators;
using ServiceProviderOcm.Tests.Peers.Processes;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Support.Certificates;

namespace ServiceProviderOcm.Tests.Peers.Charts;

/// <summary>docker-registry with a certificate of a private authority, and one user with a password.</summary>
public sealed class ChartRegistry : IAsyncDisposable
{
    /// <summary>The charts' repository.</summary>
    public const string Repository = "charts/toolkit";

    private const string User = "puller";
    private const int BcryptCost = 5;

    private readonly string _password = Guid.NewGuid().ToString("N");
    private readonly PeerProcess _process;
    private readonly OciClient _client;
    private readonly Uri _url;

    private ChartRegistry(PeerBinaries binaries, string folder)
    {
        var port = LoopbackPort.Free();
        var authority = new TestPki("registry CA");
        using var certificate = authority.Server();
        AuthorityPem = authority.Pem;
        _url = new Uri($"https://127.0.0.1:{port}/");
        File.WriteAllText(Path.Combine(folder, "registry.crt"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "registry.key"), certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        var salt = Guid.NewGuid().ToByteArray();
        var hash = OpenBsdBCrypt.Generate("2y", _password.ToCharArray(), salt, BcryptCost);
        File.WriteAllText(Path.Combine(folder, "htpasswd"), $"{User}:{hash}\n");
        var config = Path.Combine(folder, "registry.yaml");
        File.WriteAllText(config, $$"""
            version: 0.1
            storage:
              filesystem:
                rootdirectory: {{Path.Combine(folder, "registry")}}
            http:
              addr: 127.0.0.1:{{port}}
              tls:
                certificate: {{Path.Combine(folder, "registry.crt")}}
                key: {{Path.Combine(folder, "registry.key")}}
            auth:
              htpasswd:
                realm: charts
                path: {{Path.Combine(folder, "htpasswd")}}
            """);
        _process = PeerProcess.Start(binaries, Peer.Registry, folder, new Dictionary<string, string>(), "serve", config);
        _client = Open(isAnonymous: false);
    }

    /// <summary>The private certificate authority, PEM.</summary>
    public string AuthorityPem { get; }

    /// <summary>The charts' URL as a ProviderConfig has it.</summary>
    public string ChartUrl => $"oci://{_url.Authority}/{Repository}";

    /// <summary>The content of an image pull secret for the registry.</summary>
    public string DockerConfig => new JsonObject
    {
        ["auths"] = new JsonObject
        {
            [_url.Authority] = new JsonObject
            {
                ["username"] = User,
                ["password"] = _password,
                ["auth"] = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{_password}")),
            },
        },
    }.ToJsonString();

    /// <summary>Starts the registry, and waits until it answers.</summary>
    public static async Task<ChartRegistry> StartAsync(PeerBinaries binaries, string folder)
    {
        var registry = new ChartRegistry(binaries, folder);
        await registry._process.ReadyAsync(registry._client.Http, "v2/");
        return registry;
    }

    /// <summary>A client of the registry.</summary>
    /// <param name="isAnonymous">Whether it has no password.</param>
    /// <param name="trustedPem">The authority to trust; the registry's by default.</param>
    public OciClient Open(bool isAnonymous, string? trustedPem = null) =>
        new(_url, trustedPem ?? AuthorityPem, isAnonymous ? null : $"{User}:{_password}");

    /// <summary>Pushes a version of the chart, and returns the manifest's digest.</summary>
    public Task<string> PushAsync(string version) => _client.PushAsync(Repository, new ChartPackage(version));

    /// <summary>The last lines that the registry has written.</summary>
    public string LogTail() => _process.LogTail();

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return _process.DisposeAsync();
    }
}

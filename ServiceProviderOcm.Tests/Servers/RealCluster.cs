using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ServiceProviderOcm.Tests.Client.Kubeconfig;

namespace ServiceProviderOcm.Tests.Servers;

/// <summary>One API server with a store of its own. No controllers run: what is deleted leaves its dependents behind.</summary>
public sealed class RealCluster : IAsyncDisposable
{
    private readonly ApiServerSettings _settings;
    private GuardedProcess? _process;

    internal RealCluster(ApiServerSettings settings)
    {
        _settings = settings;
        settings.WriteFiles();
        Url = new Uri($"https://127.0.0.1:{settings.Port}/");
        AuditLog = new AuditLog(settings.AuditFile);
        Api = new TestKubernetesApi(this);
    }

    /// <summary>Such as <c>platform</c>.</summary>
    public string Name => _settings.Name;

    /// <summary>The server's root, with a trailing slash.</summary>
    public Uri Url { get; }

    /// <summary>The certificate authority to trust, PEM.</summary>
    public string CaPem => _settings.Keys.Authority;

    /// <summary>Who may do everything.</summary>
    public ServerUser Admin => User(ServerUser.AdminName);

    /// <summary>The bearer token of <see cref="Admin"/>.</summary>
    public string AdminToken => Admin.Token;

    /// <summary>Arranges and asserts as <see cref="Admin"/>, field manager and user agent <c>test</c>.</summary>
    public TestKubernetesApi Api { get; }

    /// <summary>The requests the server has seen.</summary>
    public AuditLog AuditLog { get; }

    /// <summary>One of the users that the cluster was started with.</summary>
    public ServerUser User(string name) => _settings.Users.Single(user => user.Name == name);

    /// <summary>A new certificate by which one of the users can say who it is, instead of by its token.</summary>
    internal ClientPair CertificateOf(string user) => _settings.Keys.Users.Client(user);

    /// <summary>A kubeconfig for one of the users; the administrator by default.</summary>
    public string Kubeconfig(string user = ServerUser.AdminName) => $"""
        apiVersion: v1
        kind: Config
        clusters:
          - name: {Name}
            cluster:
              server: {Url.GetLeftPart(UriPartial.Authority)}
              certificate-authority-data: {Convert.ToBase64String(Encoding.ASCII.GetBytes(CaPem))}
        users:
          - name: {user}
            user:
              token: {User(user).Token}
        contexts:
          - name: {Name}
            context:
              cluster: {Name}
              user: {user}
        current-context: {Name}

        """;

    /// <summary>Writes a kubeconfig to a file.</summary>
    public void WriteKubeconfig(string path, string user = ServerUser.AdminName) => File.WriteAllText(path, Kubeconfig(user));

    /// <summary>An HTTP client that trusts the server and carries a user's token.</summary>
    public HttpClient CreateHttpClient(ServerUser user, string userAgent)
    {
        var trust = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        trust.CustomTrustStore.Add(X509Certificate2.CreateFromPem(CaPem));
        var handler = new SocketsHttpHandler { SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = trust } };
        var http = new HttpClient(handler) { BaseAddress = Url, Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", user.Token);
        http.DefaultRequestHeaders.UserAgent.ParseAdd(userAgent);
        return http;
    }

    /// <summary>Starts the server, on the same port and store as before, and waits until it is ready.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_process is not null)
        {
            return;
        }

        _process = GuardedProcess.Start(_settings.CommandLine(), _settings.LogFile);
        using var http = CreateHttpClient(Admin, "readiness");
        await Readiness.WaitAsync($"kube-apiserver of {Name}", _process, http, "readyz", cancellationToken);
        await Readiness.WaitAsync($"kube-apiserver of {Name}", _process, http, "api/v1/namespaces/default", cancellationToken);
    }

    /// <summary>Ends the server at once, as a crash would; what is stored stays.</summary>
    public async Task StopAsync()
    {
        if (_process is { } process)
        {
            _process = null;
            await process.DisposeAsync();
        }
    }

    /// <summary>Ends the server for good.</summary>
    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        await StopAsync();
    }
}

using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using ServiceProviderOcm.Sandbox.Demo.Clusters;
using ServiceProviderOcm.Tests.Support.Certificates;

namespace ServiceProviderOcm.Tests.Servers;

/// <summary>One API server with a store of its own. No controllers run: what is deleted leaves its dependents behind.</summary>
public abstract class TestCluster : IAsyncDisposable
{
    private readonly Lazy<TestKubernetesApi> _api;

    protected TestCluster() => _api = new Lazy<TestKubernetesApi>(() => new TestKubernetesApi(this));

    /// <summary>Such as <c>platform</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The server's root, with a trailing slash.</summary>
    public abstract Uri Url { get; }

    /// <summary>The certificate authority to trust, PEM.</summary>
    public abstract string CaPem { get; }

    /// <summary>The requests the server has seen.</summary>
    public abstract AuditLog AuditLog { get; }

    /// <summary>Who may do everything.</summary>
    public ServerUser Admin => User(ServerUser.AdminName);

    /// <summary>The bearer token of <see cref="Admin"/>.</summary>
    public string AdminToken => Admin.Token;

    /// <summary>Arranges and asserts as <see cref="Admin"/>, field manager and user agent <c>test</c>.</summary>
    public TestKubernetesApi Api => _api.Value;

    /// <summary>The users of the server.</summary>
    protected abstract IReadOnlyList<ServerUser> Users { get; }

    /// <summary>One of the users that the cluster was started with.</summary>
    public ServerUser User(string name) => Users.Single(user => user.Name == name);

    /// <summary>A new certificate by which one of the users can say who it is, instead of by its token.</summary>
    internal abstract ClientPair CertificateOf(string user);

    /// <summary>A kubeconfig for one of the users; the administrator by default.</summary>
    public string Kubeconfig(string user = ServerUser.AdminName) => LocalKubeconfig.Of(Name, Url, CaPem, user, User(user).Token);

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
    public abstract Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Ends the server at once, as a crash would; what is stored stays.</summary>
    public abstract Task StopAsync();

    /// <summary>Ends the server for good.</summary>
    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_api.IsValueCreated)
        {
            Api.Dispose();
        }

        await StopAsync();
    }
}

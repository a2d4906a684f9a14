using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ServiceProviderOcm.Sandbox.ApiServer.Access;
using ServiceProviderOcm.Sandbox.ApiServer.Faults;
using ServiceProviderOcm.Sandbox.ApiServer.Http;
using ServiceProviderOcm.Sandbox.ApiServer.Serving;
using ServiceProviderOcm.Sandbox.ApiServer.Storage;
using ServiceProviderOcm.Sandbox.ApiServer.Writes;

namespace ServiceProviderOcm.Sandbox.ApiServer;

/// <summary>
/// An API server inside the process, with HTTPS on the loopback interface: enough of kube-apiserver for controllers and kubectl.
/// All data is in memory.
/// </summary>
internal sealed class SandboxServer : IAsyncDisposable
{
    private static readonly string[] FirstNamespaces = ["default", "kube-node-lease", "kube-public", "kube-system"];

    private readonly ServerCertificates _certificates;
    private readonly X509Certificate2? _userAuthority;
    private readonly ObjectStore _store;
    private readonly ApiHandler _handler;
    private CancellationTokenSource? _stopping;
    private WebApplication? _listener;
    private int _port;

    /// <summary>Creates a server with an empty store.</summary>
    public SandboxServer(SandboxOptions options, TimeProvider time)
    {
        Name = options.Name;
        Requests = new RequestLog(options.RequestLimit);
        _certificates = ServerCertificates.Create(options.Name, TimeProvider.System.GetUtcNow());
        _userAuthority = options.UserAuthorityPem is { } pem ? X509Certificate2.CreateFromPem(pem) : null;
        _store = new ObjectStore(options.HistoryLimit);
        var catalog = new KindCatalog();
        _handler = new ApiHandler(
            _store,
            catalog,
            options.Users,
            Faults,
            Requests,
            new ReadHandler(_store, time),
            new WatchHandler(_store, catalog, Faults, options.BookmarkInterval, options.HasWatchList, time),
            new WriteHandler(_store, catalog, options.Users, time),
            time);
        _store.Change(transaction => Seed(transaction, catalog.At(transaction.State), time.GetUtcNow()));
    }

    /// <summary>Such as <c>platform</c>.</summary>
    public string Name { get; }

    /// <summary>The server's root, with a trailing slash; set by the first start.</summary>
    public Uri Url => new($"https://127.0.0.1:{_port}/");

    /// <summary>The certificate authority to trust, PEM.</summary>
    public string CaPem => _certificates.AuthorityPem;

    /// <summary>Injects faults.</summary>
    public ServerFaults Faults { get; } = new();

    public RequestLog Requests { get; }

    /// <summary>Drops the history, so that watches and pages from older resource versions fail with 410.</summary>
    public void Compact() => _store.Compact();

    /// <summary>Starts to listen, on the same port as before, and without history, like a restarted server.</summary>
    /// <exception cref="IOException">The port is in use.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_listener is not null)
        {
            return;
        }

        _store.Compact();
        var stopping = new CancellationTokenSource();
        var listener = Listener(stopping.Token);
        try
        {
            await listener.StartAsync(cancellationToken);
        }
        catch
        {
            await listener.DisposeAsync();
            stopping.Dispose();
            throw;
        }

        (_listener, _stopping) = (listener, stopping);
        _port = new Uri(listener.Urls.Single()).Port;
    }

    /// <summary>Aborts all connections, like a crash. The objects stay.</summary>
    public async Task StopAsync()
    {
        if (_listener is { } listener)
        {
            using var stopping = _stopping!;
            (_listener, _stopping) = (null, null);
            await stopping.CancelAsync();
            await listener.StopAsync(new CancellationToken(canceled: true));
            await listener.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _certificates.Dispose();
        _userAuthority?.Dispose();
    }

    private WebApplication Listener(CancellationToken stopping)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            server.Listen(IPAddress.Loopback, _port, listen => listen.UseHttps(https =>
            {
                https.ServerCertificate = _certificates.Serving;
                if (_userAuthority is { } authority)
                {
                    https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                    https.ClientCertificateValidation = (certificate, _, _) => UserCertificates.IsOf(authority, certificate);
                }
            }));
        });
        builder.Services.AddLogging().AddSingleton<IHostLifetime, NoSignals>();
        var listener = builder.Build();
        listener.Run(context => _handler.HandleAsync(context, stopping));
        return listener;
    }

    private static bool Seed(Transaction transaction, KindRegistry kinds, DateTimeOffset now)
    {
        var kind = kinds.Find("", "v1", CoreKinds.Namespace.Plural)!;
        foreach (var name in FirstNamespaces)
        {
            var options = new WriteOptions("", "", "", "kube-apiserver", Strict: false, Force: false, now);
            new ObjectWriter(transaction, kind, options).Create(new JsonObject { ["metadata"] = new JsonObject { ["name"] = name } });
        }

        return true;
    }

    // Ignores the signals of the process.
    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ServiceProviderOcm.Sandbox.Demo.Clusters;
using ServiceProviderOcm.Tests.Support.Certificates;

namespace ServiceProviderOcm.Tests.Bench.Attacks;

/// <summary>The API server of hostile control planes: it answers as an empty cluster does, except where a script answers instead.</summary>
internal sealed class HostileServer : IAsyncDisposable
{
    private static readonly TestPki Pki = new("hostile CA");

    private readonly CancellationTokenSource _stopping = new();
    private readonly WebApplication _listener;

    private HostileServer(WebApplication listener)
    {
        _listener = listener;
    }

    /// <summary>A kubeconfig for it.</summary>
    public string Kubeconfig => LocalKubeconfig.Of("hostile", new Uri(_listener.Urls.Single()), Pki.Pem, "admin", "token-of-the-admin");

    /// <summary>Starts a server on the loopback interface.</summary>
    /// <param name="script">Answers a request, or returns false.</param>
    public static Task<HostileServer> StartAsync(Func<HttpContext, CancellationToken, Task<bool>> script) => StartAsync(script, _ => { });

    /// <summary>Starts a server that speaks no HTTP but what serves its connections, after the TLS handshake.</summary>
    public static Task<HostileServer> StartAsync(Func<ConnectionContext, Task> serve) =>
        StartAsync((_, _) => Task.FromResult(false), listen => listen.Run(serve));

    /// <summary>Starts a server that answers one request per connection, and ends watches early.</summary>
    /// <param name="certificateBytes">The bytes that its certificate is longer.</param>
    public static Task<HostileServer> StartClosingAsync(int certificateBytes) =>
        StartAsync(Scripts.OneRequest, listen => listen.Protocols = HttpProtocols.Http1, certificateBytes);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _listener.StopAsync(new CancellationToken(canceled: true));
        await _listener.DisposeAsync();
    }

    private static async Task<HostileServer> StartAsync(
        Func<HttpContext, CancellationToken, Task<bool>> script, Action<ListenOptions> configure, int certificateBytes = 0)
    {
        var certificate = Pki.Server(padding: certificateBytes);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(server =>
        {
            server.Limits.MinResponseDataRate = null;
            server.Listen(IPAddress.Loopback, 0, listen => configure(listen.UseHttps(https => https.ServerCertificate = certificate)));
        });
        builder.Services.AddLogging();
        var listener = builder.Build();
        var server = new HostileServer(listener);
        listener.Run(context => server.HandleAsync(context, script));
        await listener.StartAsync();
        return server;
    }

    private async Task HandleAsync(HttpContext context, Func<HttpContext, CancellationToken, Task<bool>> script)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _stopping.Token);
        try
        {
            if (!await script(context, ended.Token))
            {
                await AnswerAsync(context, ended.Token);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            context.Abort();
        }
    }

    private static async Task AnswerAsync(HttpContext context, CancellationToken cancellationToken)
    {
        context.Response.ContentType = "application/json";
        if (context.IsWatch())
        {
            await context.Response.StartAsync(cancellationToken);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }
        else if (context.IsList())
        {
            await context.Response.WriteAsync("""{"metadata":{"resourceVersion":"1"},"items":[]}""", cancellationToken);
        }
        else if (context.Request.Method == HttpMethods.Delete)
        {
            await context.Response.WriteAsync("""{"kind":"Status","status":"Success"}""", cancellationToken);
        }
        else if (context.IsWrite())
        {
            using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
            var written = JsonNode.Parse(await reader.ReadToEndAsync(cancellationToken))!.AsObject();
            written["metadata"]!["uid"] = "1";
            written["metadata"]!["resourceVersion"] = "2";
            await context.Response.WriteAsync(written.ToJsonString(), cancellationToken);
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            await context.Response.WriteAsync("""{"kind":"Status","status":"Failure","reason":"NotFound","code":404}""", cancellationToken);
        }
    }
}

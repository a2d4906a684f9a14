using System.Net.Security;
using System.Security.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Worker.Telemetry;

namespace ServiceProviderOcm.Worker.Endpoints;

/// <summary><c>GET /metrics</c>, in Prometheus' text form.</summary>
internal static class MetricsEndpoint
{
    /// <summary>HTTPS, with the current certificate at each handshake.</summary>
    public static void UseTls(ListenOptions listen, Func<SslStreamCertificateContext> certificate, bool withHttp2)
    {
        listen.Protocols = withHttp2 ? HttpProtocols.Http1AndHttp2 : HttpProtocols.Http1;
        listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            HandshakeTimeout = EndpointLimits.HandshakeTimeout,
            OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions
            {
                ServerCertificateContext = certificate(),
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            }),
        });
    }

    public static void AddMetrics(IServiceCollection services) => services
        .AddOpenTelemetry()
        .ConfigureResource(TelemetryRegistration.Describe)
        .WithMetrics(metrics => metrics
            .AddMeter(ControllerMetrics.MeterName, TelemetryRegistration.Runtime)
            .AddPrometheusExporter(exporter => exporter.ScopeInfoEnabled = false));

    /// <summary>Answers requests.</summary>
    /// <param name="server">The server.</param>
    /// <param name="access">Authorizes clients; null allows all.</param>
    public static void Answer(IApplicationBuilder server, MetricsAccess? access)
    {
        server.UseOpenTelemetryPrometheusScrapingEndpoint(
            meterProvider: null,
            predicate: context => context.Request.Path == MetricsAccess.Path && HttpMethods.IsGet(context.Request.Method),
            path: null,
            configureBranchedPipeline: metrics =>
            {
                if (access is not null)
                {
                    metrics.Use(access.InvokeAsync);
                }
            },
            optionsName: null);
        server.Run(context =>
        {
            var isMetrics = context.Request.Path == MetricsAccess.Path;
            context.Response.StatusCode = isMetrics ? StatusCodes.Status405MethodNotAllowed : StatusCodes.Status404NotFound;
            if (isMetrics)
            {
                context.Response.Headers.Allow = HttpMethods.Get;
            }

            return Task.CompletedTask;
        });
    }
}

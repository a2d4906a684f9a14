using System.Net.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Worker.Connections;
using ServiceProviderOcm.Worker.Lifetime;
using ServiceProviderOcm.Worker.Settings;

namespace ServiceProviderOcm.Worker.Endpoints;

/// <summary>Serves health probes and metrics, from before the controller starts until after it has stopped.</summary>
internal sealed partial class EndpointsService(
    IOptions<ProviderOptions> options,
    HealthChecks health,
    Clusters clusters,
    ControllerMetrics metrics,
    TimeProvider time,
    ILoggerFactory loggers,
    IHostApplicationLifetime lifetime,
    ILogger<EndpointsService> logger) : IHostedLifecycleService, IAsyncDisposable
{
    private readonly ProviderOptions _options = options.Value;
    private readonly List<WebApplication> _servers = [];

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        try
        {
            await StartHealthAsync(cancellationToken);
            await StartMetricsAsync(cancellationToken);
        }
        catch (EndpointException exception)
        {
            LogFatal(exception.Message);
            Environment.ExitCode = exception.ExitCode;
            lifetime.StopApplication();
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(_servers.Select(server => server.StopAsync(cancellationToken)));

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }
    }

    private async Task StartHealthAsync(CancellationToken cancellationToken)
    {
        const string Flag = "--health-probe-bind-address";
        var address = Address(Flag, _options.HealthProbeBindAddress);
        if (address.IsOff)
        {
            return;
        }

        var endpoint = new HealthEndpoint(health);
        var server = await EndpointServer.StartAsync(
            Flag,
            address,
            EndpointLimits.HealthConnections,
            loggers,
            listen => listen.Protocols = HttpProtocols.Http1,
            _ => { },
            pipeline => pipeline.Run(endpoint.AnswerAsync),
            cancellationToken);
        _servers.Add(server);
        LogListening("health probes", server.Urls.First());
    }

    private async Task StartMetricsAsync(CancellationToken cancellationToken)
    {
        const string Flag = "--metrics-bind-address";
        var address = Address(Flag, _options.MetricsBindAddress);
        if (address.IsOff)
        {
            return;
        }

        var platform = new Lazy<IKubernetesApi>(clusters.PlatformForReviews);
        var certificate = _options.MetricsSecure ? Certificate() : null;
        if (certificate is not null)
        {
            metrics.ObserveMetricsCertificate(() => new DateTimeOffset(certificate().TargetCertificate.NotAfter));
        }

        var access = _options.MetricsSecure
            ? new MetricsAccess(() => platform.Value, time, loggers.CreateLogger<MetricsAccess>())
            : null;
        var server = await EndpointServer.StartAsync(
            Flag,
            address,
            EndpointLimits.MetricsConnections,
            loggers,
            listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                if (certificate is not null)
                {
                    MetricsEndpoint.UseTls(listen, certificate, _options.EnableHttp2);
                }
            },
            MetricsEndpoint.AddMetrics,
            pipeline => MetricsEndpoint.Answer(pipeline, access),
            cancellationToken);
        _servers.Add(server);
        LogListening("metrics", server.Urls.First());
    }

    private Func<SslStreamCertificateContext> Certificate()
    {
        if (_options.MetricsCertPath.Length > 0)
        {
            var files = new CertificateFiles(
                Path.Combine(_options.MetricsCertPath, _options.MetricsCertName),
                Path.Combine(_options.MetricsCertPath, _options.MetricsCertKey),
                time,
                loggers.CreateLogger<CertificateFiles>());
            return () => files.Current;
        }

        var selfSigned = SelfSignedCertificate.Create([_options.PodName, _options.PodIp], time.GetUtcNow());
        return () => selfSigned;
    }

    private static BindAddress Address(string flag, string value) => BindAddress.TryParse(value, out var address, out var error)
        ? address
        : throw new EndpointException($"{flag} \"{value}\" {error}", ExitCodes.Usage);

    [LoggerMessage(LogLevel.Critical, "{Message}")]
    private partial void LogFatal(string message);

    [LoggerMessage(LogLevel.Information, "Listening for {What} on {Url}")]
    private partial void LogListening(string what, string url);
}

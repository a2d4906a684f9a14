using System.Text.RegularExpressions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Moq;
using ServiceProviderOcm.Tests.Support.Logs;
using ServiceProviderOcm.Tests.Support.Metrics;
using ServiceProviderOcm.Worker.Connections;
using ServiceProviderOcm.Worker.Endpoints;
using ServiceProviderOcm.Worker.Settings;

namespace ServiceProviderOcm.Tests.Endpoints;

/// <summary>The endpoints as the Worker runs them, without a controller.</summary>
internal sealed class RunningEndpoints : IAsyncDisposable
{
    private readonly RecordingLogger<EndpointsService> _log = new();
    private readonly EndpointsService _service;

    private RunningEndpoints(ProviderOptions settings, TimeProvider time, ILoggerFactory loggers)
    {
        var options = Options.Create(settings);
        var metrics = TestMetrics.Create();
        _service = new EndpointsService(
            options,
            Health,
            new Clusters(options, time, metrics, loggers),
            metrics,
            time,
            loggers,
            Mock.Of<IHostApplicationLifetime>(),
            _log);
    }

    public HealthChecks Health { get; } = new();

    public Uri HealthUrl => Url("health probes");

    public Uri MetricsUrl => new(Url("metrics"), MetricsAccess.Path);

    public static async Task<RunningEndpoints> StartAsync(
        ProviderOptions settings, TimeProvider? time = null, ILoggerFactory? loggers = null)
    {
        settings.HealthProbeBindAddress = "localhost:0";
        var running = new RunningEndpoints(settings, time ?? TimeProvider.System, loggers ?? NullLoggerFactory.Instance);
        await running._service.StartingAsync(CancellationToken.None);
        return running;
    }

    public async ValueTask DisposeAsync()
    {
        await _service.StoppedAsync(CancellationToken.None);
        await _service.DisposeAsync();
    }

    private Uri Url(string what) =>
        new(_log.Lines.Select(line => Regex.Match(line, $"Listening for {what} on (.+)")).First(match => match.Success).Groups[1].Value);
}

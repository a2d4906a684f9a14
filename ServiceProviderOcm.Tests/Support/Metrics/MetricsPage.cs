using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Worker.Telemetry;

namespace ServiceProviderOcm.Tests.Support.Metrics;

/// <summary>The metrics of a test, as Prometheus gets them.</summary>
public sealed class MetricsPage : IAsyncDisposable
{
    private readonly WebApplication _server;

    private MetricsPage(WebApplication server) => _server = server;

    public ControllerMetrics Metrics => _server.Services.GetRequiredService<ControllerMetrics>();

    public static async Task<MetricsPage> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddTelemetry(builder.Configuration);
        builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddPrometheusExporter(exporter =>
        {
            exporter.ScopeInfoEnabled = false;
            exporter.ScrapeResponseCacheDurationMilliseconds = 0;
        }));
        var server = builder.Build();
        server.MapPrometheusScrapingEndpoint();
        await server.StartAsync();
        return new MetricsPage(server);
    }

    /// <summary>The lines of one scrape.</summary>
    public async Task<IReadOnlyList<string>> ReadAsync()
    {
        using var client = new HttpClient();
        var text = await client.GetStringAsync(new Uri($"{_server.Urls.First()}/metrics"));
        return text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>The value of one time series, such as <c>name{label="value"}</c>; null if it is not there.</summary>
    public async Task<double?> ValueAsync(string series)
    {
        var lines = await ReadAsync();
        var line = lines.SingleOrDefault(line => line.StartsWith($"{series} ", StringComparison.Ordinal));
        return line is null ? null : double.Parse(line[(series.Length + 1)..].Split(' ')[0], CultureInfo.InvariantCulture);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}

using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using ServiceProviderOcm.Core.Telemetry;

namespace ServiceProviderOcm.Worker.Telemetry;

/// <summary>Metrics and traces.</summary>
internal static class TelemetryRegistration
{
    private const string ServiceName = "service-provider-ocm";
    private const string AnySignal = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string Metrics = "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT";
    private const string Traces = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";

    /// <summary>
    /// Adds <see cref="ControllerMetrics"/> and a meter provider with its meter and .NET's own. Where the environment names an OTLP
    /// endpoint, metrics and traces are sent there; otherwise there are no traces. Other exporters of metrics may be added to the
    /// same provider.
    /// </summary>
    public static void AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<ControllerMetrics>();
        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(Describe)
            .WithMetrics(metrics => metrics.AddMeter(ControllerMetrics.MeterName, "System.Runtime"));
        if (Has(configuration, Metrics))
        {
            telemetry.WithMetrics(metrics => metrics.AddOtlpExporter());
        }

        if (Has(configuration, Traces))
        {
            telemetry.WithTracing(traces => traces
                .AddSource(ReconcileActivity.SourceName, "System.Net.Http")
                .AddOtlpExporter());
        }
    }

    private static bool Has(IConfiguration configuration, string signal) =>
        !string.IsNullOrEmpty(configuration[AnySignal]) || !string.IsNullOrEmpty(configuration[signal]);

    // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES come last, and win.
    private static void Describe(ResourceBuilder resource) => resource
        .Clear()
        .AddService(
            ServiceName,
            serviceVersion: ThisAssembly.AssemblyInformationalVersion,
            serviceInstanceId: Environment.MachineName)
        .AddTelemetrySdk()
        .AddEnvironmentVariableDetector();
}

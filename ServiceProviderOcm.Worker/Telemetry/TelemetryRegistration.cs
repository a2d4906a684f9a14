using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using ServiceProviderOcm.Core.Telemetry;

namespace ServiceProviderOcm.Worker.Telemetry;

/// <summary>Metrics and traces.</summary>
internal static class TelemetryRegistration
{
    private const string ServiceName = "service-provider-ocm";
    /// <summary>.NET's own meter.</summary>
    public const string Runtime = "System.Runtime";

    private const string Http = "System.Net.Http";

    /// <summary>
    /// Adds <see cref="ControllerMetrics"/> and a meter provider with its meter and .NET's own. Where the environment names an OTLP
    /// endpoint, metrics and traces are sent there; otherwise there are no traces. Other exporters of metrics may be added to the
    /// same provider.
    /// </summary>
    public static void AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        var endpoints = new OtlpEndpoints(configuration);
        services.AddSingleton<ControllerMetrics>();
        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(Describe)
            .WithMetrics(metrics => metrics.AddMeter(ControllerMetrics.MeterName, Runtime));
        if (endpoints.HasMetrics)
        {
            telemetry.WithMetrics(metrics => metrics.AddOtlpExporter(options => SendTo(options, endpoints.Metrics)));
        }

        if (endpoints.HasTraces)
        {
            telemetry.WithTracing(traces => traces
                .AddSource(ReconcileActivity.SourceName, Http)
                .AddOtlpExporter(options => SendTo(options, endpoints.Traces)));
        }
    }

    private static void SendTo(OtlpExporterOptions options, Uri? endpoint)
    {
        if (endpoint is not null)
        {
            options.Endpoint = endpoint;
        }
    }

    /// <summary>Says who measures. OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES come last, and win.</summary>
    public static void Describe(ResourceBuilder resource) => resource
        .Clear()
        .AddService(
            ServiceName, serviceVersion: ThisAssembly.AssemblyInformationalVersion, serviceInstanceId: Environment.MachineName)
        .AddTelemetrySdk()
        .AddEnvironmentVariableDetector();
}

using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using ServiceProviderOcm.Core.Controller;

namespace ServiceProviderOcm.Worker.Telemetry;

/// <summary>Metrics and traces.</summary>
internal static class TelemetryRegistration
{
    /// <summary>.NET's own meter.</summary>
    public const string Runtime = "System.Runtime";

    private const string ServiceName = "service-provider-ocm";
    private const string Http = "System.Net.Http";

    /// <summary>
    /// Adds <see cref="ControllerMetrics"/> and a meter provider with its meter and .NET's own. Where the environment names an OTLP
    /// endpoint, metrics and traces are sent there; otherwise there are no traces. Other exporters of metrics may be added to the
    /// same provider.
    /// </summary>
    public static void AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        var (metricsByOtlp, tracesByOtlp) = (OtlpSignal.Metrics(configuration), OtlpSignal.Traces(configuration));
        services.AddSingleton<ControllerMetrics>();
        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(Describe)
            .WithMetrics(metrics => metrics.AddMeter(ControllerMetrics.MeterName, Runtime));
        if (metricsByOtlp.IsSent)
        {
            telemetry.WithMetrics(metrics => metrics.AddOtlpExporter(metricsByOtlp.Configure));
        }

        if (tracesByOtlp.IsSent)
        {
            telemetry.WithTracing(traces => traces
                .AddSource(ReconcileActivity.SourceName, Http)
                .AddInstrumentation(() => new SpanExceptions(ReconcileActivity.SourceName, Http))
                .AddOtlpExporter(tracesByOtlp.Configure));
        }
    }

    /// <summary>Sets the resource. OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES come last, and win.</summary>
    public static void Describe(ResourceBuilder resource) => resource
        .Clear()
        .AddService(
            ServiceName, serviceVersion: ThisAssembly.AssemblyInformationalVersion, serviceInstanceId: Environment.MachineName)
        .AddTelemetrySdk()
        .AddEnvironmentVariableDetector();
}

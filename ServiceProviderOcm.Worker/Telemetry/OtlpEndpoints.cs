using Microsoft.Extensions.Configuration;

namespace ServiceProviderOcm.Worker.Telemetry;

/// <summary>Where the environment wants metrics and traces sent, by OpenTelemetry's usual variables.</summary>
internal sealed class OtlpEndpoints(IConfiguration configuration)
{
    private const string AnySignal = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string MetricsAlone = "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT";
    private const string TracesAlone = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";

    /// <summary>Whether metrics are to be sent.</summary>
    public bool HasMetrics => Has(AnySignal) || Has(MetricsAlone);

    /// <summary>Whether traces are to be sent.</summary>
    public bool HasTraces => Has(AnySignal) || Has(TracesAlone);

    /// <summary>A place for metrics alone, which the exporter does not look for itself; null if there is none.</summary>
    public Uri? Metrics => Has(MetricsAlone) ? new Uri(configuration[MetricsAlone]!) : null;

    /// <summary>The same for traces.</summary>
    public Uri? Traces => Has(TracesAlone) ? new Uri(configuration[TracesAlone]!) : null;

    /// <summary>The variables that are set to something else than a URL.</summary>
    public IEnumerable<string> Wrong => new[] { AnySignal, MetricsAlone, TracesAlone }.Where(variable => Has(variable)
        && !(Uri.TryCreate(configuration[variable], UriKind.Absolute, out var url)
            && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps)));

    private bool Has(string variable) => !string.IsNullOrEmpty(configuration[variable]);
}

using Microsoft.Extensions.Configuration;

namespace ServiceProviderOcm.Worker.Telemetry;

/// <summary>
/// The variables for sending by OTLP: a prefix, a signal or none for all signals, and a property. By OpenTelemetry's specification of
/// the exporter.
/// </summary>
internal static class OtlpVariables
{
    public const string Metrics = "METRICS_";
    public const string Traces = "TRACES_";

    public const string Endpoint = "ENDPOINT";
    public const string Protocol = "PROTOCOL";
    public const string Headers = "HEADERS";
    public const string Timeout = "TIMEOUT";
    public const string Compression = "COMPRESSION";

    public const string Grpc = "grpc";
    public const string HttpProtobuf = "http/protobuf";
    public const string Gzip = "gzip";
    public const string NoCompression = "none";

    private const string Prefix = "OTEL_EXPORTER_OTLP_";

    /// <summary>The whole name of a variable.</summary>
    public static string NameOf(string suffix) => Prefix + suffix;

    /// <summary>The value of a variable; null if it is not set or empty.</summary>
    public static string? Read(IConfiguration configuration, string suffix) =>
        configuration[NameOf(suffix)]?.Trim() is { Length: > 0 } value ? value : null;
}

using System.Globalization;
using Microsoft.Extensions.Configuration;
using OpenTelemetry.Exporter;

namespace ServiceProviderOcm.Worker.Telemetry;

/// <summary>
/// How one signal is sent, by OpenTelemetry's usual variables. The exporter itself reads those that are for all signals; those for one
/// alone, which win, are read here.
/// </summary>
internal sealed class OtlpSignal
{
    private readonly IConfiguration _configuration;
    private readonly string _name;

    private OtlpSignal(IConfiguration configuration, string name) => (_configuration, _name) = (configuration, name);

    /// <summary>Whether it is exported.</summary>
    public bool IsSent => (Alone(OtlpVariables.Endpoint) ?? OtlpVariables.Read(_configuration, OtlpVariables.Endpoint)) is not null;

    /// <summary>Metrics.</summary>
    public static OtlpSignal Metrics(IConfiguration configuration) => new(configuration, OtlpVariables.Metrics);

    /// <summary>Traces.</summary>
    public static OtlpSignal Traces(IConfiguration configuration) => new(configuration, OtlpVariables.Traces);

    /// <summary>Sets the options of this signal. The values are valid: <see cref="OtlpValidator"/> checks them.</summary>
    public void Configure(OtlpExporterOptions options)
    {
        if (Alone(OtlpVariables.Endpoint) is { } endpoint)
        {
            options.Endpoint = new Uri(endpoint);
        }

        if (Alone(OtlpVariables.Protocol) is { } protocol)
        {
            options.Protocol = protocol == OtlpVariables.Grpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        }

        if (Alone(OtlpVariables.Headers) is { } headers)
        {
            options.Headers = headers;
        }

        if (Alone(OtlpVariables.Timeout) is { } timeout)
        {
            options.TimeoutMilliseconds = int.Parse(timeout, CultureInfo.InvariantCulture);
        }

        if (Alone(OtlpVariables.Compression) is { } compression)
        {
            options.Compression = compression == OtlpVariables.Gzip ? OtlpExportCompression.GZip : OtlpExportCompression.None;
        }
    }

    private string? Alone(string property) => OtlpVariables.Read(_configuration, _name + property);
}

using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using ServiceProviderOcm.Worker.Settings;

namespace ServiceProviderOcm.Worker.Telemetry;

/// <summary>
/// Validates the variables of the OTLP exporter together with all other settings. Errors do not repeat their values: headers and URLs may
/// contain credentials.
/// </summary>
internal sealed class OtlpValidator(IConfiguration configuration) : IValidateOptions<ProviderOptions>
{
    private static readonly string[] Signals = ["", OtlpVariables.Metrics, OtlpVariables.Traces];

    private static readonly (string Property, Predicate<string> IsValid, string Expected)[] Rules =
    [
        (OtlpVariables.Endpoint, IsUrl, "a URL such as http://collector:4317"),
        (OtlpVariables.Protocol, value => value is OtlpVariables.Grpc or OtlpVariables.HttpProtobuf, "grpc or http/protobuf"),
        (OtlpVariables.Headers, AreHeaders, "a list such as key=value,key=value"),
        (OtlpVariables.Timeout, IsCount, "a whole number of milliseconds"),
        (OtlpVariables.Compression, value => value is OtlpVariables.Gzip or OtlpVariables.NoCompression, "gzip or none"),
    ];

    public ValidateOptionsResult Validate(string? name, ProviderOptions options)
    {
        // Unused variables are not validated: they may be set for all pods of a cluster.
        if (!OtlpSignal.Metrics(configuration).IsSent && !OtlpSignal.Traces(configuration).IsSent)
        {
            return ValidateOptionsResult.Success;
        }

        var errors = (
            from rule in Rules
            from signal in Signals
            let suffix = signal + rule.Property
            where OtlpVariables.Read(configuration, suffix) is { } value && !rule.IsValid(value)
            select $"{OtlpVariables.NameOf(suffix)} is not {rule.Expected}.").ToList();
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static bool IsUrl(string value) => Uri.TryCreate(value, UriKind.Absolute, out var url)
        && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps);

    private static bool AreHeaders(string value) => value.Split(',').All(pair => pair.IndexOf('=', StringComparison.Ordinal) > 0);

    private static bool IsCount(string value) => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _);
}

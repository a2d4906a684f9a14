using System.Text.Json;

namespace ServiceProviderOcm.Core.Kubernetes.Objects;

/// <summary>Reads JSON text. All other code calls this class, so that limits and options of the parser are set once.</summary>
public static class JsonReading
{
#pragma warning disable RS0030 // this is the one reader
    /// <summary>Parses text into an element that needs no disposal.</summary>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static JsonElement Parse(string json) => JsonElement.Parse(json);

    /// <inheritdoc cref="Parse(string)"/>
    public static JsonElement Parse(ReadOnlySpan<byte> json) => JsonElement.Parse(json);

    /// <summary>Parses text into pooled memory, which the caller returns by disposing the document.</summary>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static JsonDocument Open(string json) => JsonDocument.Parse(json);

    /// <summary>Parses a stream into pooled memory, which the caller returns by disposing the document.</summary>
    /// <exception cref="JsonException">The stream is not JSON.</exception>
    public static Task<JsonDocument> OpenAsync(Stream json, CancellationToken cancellationToken) =>
        JsonDocument.ParseAsync(json, cancellationToken: cancellationToken);
#pragma warning restore RS0030
}

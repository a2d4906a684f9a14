using System.Text.Json;
using System.Text.Unicode;

namespace ServiceProviderOcm.Core.Kubernetes.Objects;

/// <summary>
/// Reads JSON text. All other code calls this class, so that limits and options of the parser are set once. Objects are read as deep as
/// API servers store them: the parser does not recurse. But its time is quadratic in the depth, so that there is a limit.
/// </summary>
public static class JsonReading
{
    /// <summary>More than an API server accepts, which is 10,000 levels.</summary>
    internal const int MaxDepth = 10_240;

    /// <summary>For readers of tokens, whose time is linear.</summary>
    internal static readonly JsonReaderOptions Options = new() { MaxDepth = int.MaxValue };

    private static readonly JsonDocumentOptions DocumentOptions = new() { MaxDepth = MaxDepth };

#pragma warning disable RS0030 // this is the one reader
    /// <summary>Parses text into an element that needs no disposal.</summary>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static JsonElement Parse(string json) => JsonElement.Parse(json, DocumentOptions);

    /// <inheritdoc cref="Parse(string)"/>
    public static JsonElement Parse(ReadOnlySpan<byte> json) => JsonElement.Parse(json, DocumentOptions);

    /// <summary>
    /// Parses what is no object of a kind, such as a Status, and thus flat, into pooled memory, which the caller returns by disposing the
    /// document. The text must outlive it.
    /// </summary>
    /// <exception cref="JsonException">The text is not JSON, not UTF-8, or nested deeper than 64 levels.</exception>
    public static JsonDocument OpenFlat(ReadOnlyMemory<byte> json) =>
        Utf8.IsValid(json.Span) ? JsonDocument.Parse(json) : throw new JsonException("the text is not UTF-8");
#pragma warning restore RS0030

    /// <summary>The number of tokens of a text.</summary>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    internal static int CountTokens(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, Options);
        var count = 0;
        while (reader.Read())
        {
            count++;
        }

        return count;
    }
}

using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ServiceProviderOcm.Core.Kubernetes.Objects;

/// <summary>
/// Writes JSON without <see cref="JsonSerializer"/>, whose reflection a trimmed program does not have. Numbers keep their form.
/// </summary>
internal static class JsonWriting
{
    private static readonly JsonWriterOptions Options = new() { MaxDepth = int.MaxValue };

    /// <summary>The same JSON, immutable.</summary>
    public static JsonElement ToElement(this JsonNode json) => JsonReading.Parse(Write(writer => json.WriteTo(writer)));

    /// <summary>The same JSON as text without white space.</summary>
    public static byte[] ToUtf8Bytes(this JsonNode json) => Write(writer => json.WriteTo(writer)).ToArray();

    /// <inheritdoc cref="ToUtf8Bytes(JsonNode)"/>
    public static byte[] ToUtf8Bytes(this JsonElement json) => Write(json.WriteTo).ToArray();

    /// <summary>What is written, as text without white space.</summary>
    internal static ReadOnlySpan<byte> Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            write(writer);
        }

        return buffer.WrittenSpan;
    }
}

using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ServiceProviderOcm.Core.Kubernetes.Objects;

/// <summary>
/// Writes JSON without <see cref="JsonSerializer"/>, whose reflection a trimmed program does not have. Numbers keep their form.
/// </summary>
public static class JsonWriting
{
    // Of most manifests and statuses. The writer would begin with 256 bytes, and go on with 4 KiB.
    private const int UsualBytes = 2048;

    private static readonly JsonWriterOptions Compact = new() { MaxDepth = int.MaxValue };

    /// <summary>The same JSON, immutable.</summary>
    public static JsonElement ToElement(this JsonNode json) => JsonReading.Parse(Write(writer => json.WriteTo(writer)));

    /// <summary>The same JSON as text without white space.</summary>
    public static byte[] ToUtf8Bytes(this JsonNode json) => Write(writer => json.WriteTo(writer)).ToArray();

    /// <inheritdoc cref="ToUtf8Bytes(JsonNode)"/>
    public static byte[] ToUtf8Bytes(this JsonElement json) => Write(json.WriteTo).ToArray();

    /// <summary>What is written, as text.</summary>
    /// <param name="write">Writes it.</param>
    /// <param name="options">The form; by default without white space.</param>
    public static ReadOnlySpan<byte> Write(Action<Utf8JsonWriter> write, JsonWriterOptions? options = null)
    {
        var buffer = new ArrayBufferWriter<byte>(UsualBytes);
        using (var writer = new Utf8JsonWriter(buffer, options ?? Compact))
        {
            write(writer);
        }

        return buffer.WrittenSpan;
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>One line of a watch, as the server sent it.</summary>
/// <param name="kind">The kind of the object.</param>
/// <param name="line">The line.</param>
/// <param name="errorBytes">The maximum size of an error of which more is read than code and reason.</param>
internal readonly ref struct WatchLine(ResourceKind kind, ReadOnlySpan<byte> line, int errorBytes)
{
    private readonly ReadOnlySpan<byte> _line = line;

    /// <summary>Reads the event.</summary>
    /// <param name="objects">Reads the object.</param>
    /// <param name="errors">Makes the error of an event that reports one.</param>
    /// <exception cref="JsonException">The line is not an event.</exception>
    /// <exception cref="KubernetesApiException">The event reports an error.</exception>
    public WatchEvent Read(ObjectReader objects, ApiErrors errors)
    {
        WatchEventType? type = null;
        var subject = Range.All;
        var hasSubject = false;
        var reader = new Utf8JsonReader(_line, JsonReading.Options);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("not a watch event");
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var isType = reader.ValueTextEquals("type"u8);
            var isSubject = reader.ValueTextEquals("object"u8);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            if (isType)
            {
                type = TypeOf(ref reader);
            }

            hasSubject |= isSubject && reader.TokenType == JsonTokenType.StartObject;
            reader.Skip();
            if (isSubject)
            {
                subject = start..(int)reader.BytesConsumed;
            }
        }

        reader.Read();
        return !hasSubject ? throw new JsonException("not a watch event")
            : type is null ? throw ErrorOf(_line[subject], errors)
            : type == WatchEventType.Bookmark ? new WatchEvent(WatchEventType.Bookmark, objects.Read(kind, _line[subject]))
            {
                EndsInitialEvents = ObjectIdentity.EndsInitialEvents(_line[subject]),
            }
            : Read(objects, type.Value, _line[subject]);
    }

    private WatchEvent Read(ObjectReader objects, WatchEventType type, ReadOnlySpan<byte> subject) =>
        objects.TryRead(kind, subject, out var read, out var unreadable)
            ? new WatchEvent(type, read) { Bytes = subject.Length }
            : new WatchEvent(type, Known(unreadable)) { Bytes = subject.Length, Unreadable = unreadable };

    private KubernetesApiException ErrorOf(ReadOnlySpan<byte> json, ApiErrors errors)
    {
        using var status = JsonReading.OpenFlat(json.Length <= errorBytes ? json.ToArray() : CodeAndReasonOf(json));
        return errors.FromStatus(kind, $"watch {kind.QualifiedPlural}", status.RootElement);
    }

    // The memory of a line is charged to a budget, and that of what is parsed of it is not.
    private static byte[] CodeAndReasonOf(ReadOnlySpan<byte> json)
    {
        const int LongestValue = 64;
        var reader = new Utf8JsonReader(json, JsonReading.Options);
        reader.Read();
        var status = new JsonObject();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (isCode, isReason) = (reader.ValueTextEquals("code"u8), reader.ValueTextEquals("reason"u8));
            reader.Read();
            if (isCode && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var code))
            {
                status["code"] = code;
            }
            else if (isReason && reader.TokenType == JsonTokenType.String
                && reader is { ValueIsEscaped: false, ValueSpan.Length: <= LongestValue } && Utf8.IsValid(reader.ValueSpan))
            {
                status["reason"] = reader.GetString();
            }

            reader.Skip();
        }

        return status.ToUtf8Bytes();
    }

    private KubeObject Known(UnreadableObject unreadable) => KubeObject.From(new JsonObject
    {
        ["apiVersion"] = kind.ApiVersion,
        ["kind"] = kind.Kind,
        ["metadata"] = new JsonObject
        {
            ["name"] = unreadable.Key.Name,
            ["namespace"] = unreadable.Key.Namespace,
            ["uid"] = unreadable.Uid,
            ["resourceVersion"] = unreadable.ResourceVersion,
        },
    });

    private static WatchEventType? TypeOf(ref Utf8JsonReader reader) =>
        reader.TokenType != JsonTokenType.String ? null
        : reader.ValueTextEquals("ADDED"u8) ? WatchEventType.Added
        : reader.ValueTextEquals("MODIFIED"u8) ? WatchEventType.Modified
        : reader.ValueTextEquals("DELETED"u8) ? WatchEventType.Deleted
        : reader.ValueTextEquals("BOOKMARK"u8) ? WatchEventType.Bookmark
        : null;
}

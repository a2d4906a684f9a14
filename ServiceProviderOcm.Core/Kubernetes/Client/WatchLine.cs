using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>One line of a watch, as the server sent it.</summary>
internal readonly ref struct WatchLine(ResourceKind kind, ReadOnlySpan<byte> line)
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
        using var status = JsonReading.OpenFlat(json.ToArray());
        return errors.FromStatus(kind, $"watch {kind.QualifiedPlural}", status.RootElement);
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

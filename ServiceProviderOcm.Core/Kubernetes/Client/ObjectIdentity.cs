using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>The metadata that every stored object has.</summary>
internal static class ObjectIdentity
{
    /// <summary>The maximum length of a resourceVersion, in bytes: longer than an API server sends.</summary>
    public const int LongestVersion = 128;

    private const int LongestUid = 128;

    private static readonly (string Name, int Bytes)[] Bounded =
    [
        ("name", DnsNames.MaxSubdomainLength),
        ("namespace", DnsNames.MaxLabelLength),
        ("uid", LongestUid),
        ("resourceVersion", LongestVersion),
    ];

    private static readonly (string Name, JsonValueKind Kind, bool IsMap)[] Typed =
    [
        ("name", JsonValueKind.String, false),
        ("namespace", JsonValueKind.String, false),
        ("uid", JsonValueKind.String, false),
        ("resourceVersion", JsonValueKind.String, false),
        ("generation", JsonValueKind.Number, false),
        ("creationTimestamp", JsonValueKind.String, false),
        ("deletionTimestamp", JsonValueKind.String, false),
        ("finalizers", JsonValueKind.Array, true),
        ("labels", JsonValueKind.Object, true),
        ("annotations", JsonValueKind.Object, true),
    ];

    /// <summary>What is wrong with an object's metadata; null if nothing is.</summary>
    public static string? Error(KubeObject read, bool isStored)
    {
        if (isStored && read.Name.Length == 0)
        {
            return "it has no name";
        }

        if (read.OwnJson.At("metadata") is not { } metadata)
        {
            return null;
        }

        foreach (var (name, kind, hasTexts) in Typed)
        {
            if (metadata.At(name) is { } value && (value.ValueKind != kind || (hasTexts && !HasTexts(value))))
            {
                return $"metadata.{name} has the wrong type";
            }
        }

        // What is kept of these beside the object, such as its key, is not charged to it.
        foreach (var (name, bytes) in Bounded)
        {
            if (metadata.At(name) is { } value && JsonMarshal.GetRawUtf8Value(value).Length - "\"\"".Length > bytes)
            {
                return string.Create(CultureInfo.InvariantCulture, $"metadata.{name} is longer than {bytes} bytes");
            }
        }

        return null;
    }

    /// <summary>Whether a bookmark has the annotation that ends the initial events of a watch.</summary>
    public static bool EndsInitialEvents(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, JsonReading.Options);
        var (isMetadata, isAnnotations) = (false, false);
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

            switch (reader.CurrentDepth)
            {
                case 1:
                    (isMetadata, isAnnotations) = (reader.ValueTextEquals("metadata"u8), false);
                    break;
                case 2:
                    isAnnotations = isMetadata && reader.ValueTextEquals("annotations"u8);
                    break;
                case 3 when isAnnotations && reader.ValueTextEquals("k8s.io/initial-events-end"u8):
                    return reader.Read() && reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("true"u8);
                default:
                    break;
            }
        }

        return false;
    }

    /// <summary>Whether an answer is a Status.</summary>
    public static bool IsStatus(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, JsonReading.Options);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isKind = reader.ValueTextEquals("kind"u8);
            reader.Read();
            if (isKind)
            {
                return reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("Status"u8);
            }

            reader.Skip();
        }

        return false;
    }

    /// <summary>What is known of an object that cannot be read.</summary>
    public static UnreadableObject Of(ReadOnlySpan<byte> json, string error)
    {
        var known = new UnreadableObject(ObjectKey.None, "", "", error);
        var reader = new Utf8JsonReader(json, JsonReading.Options);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return known;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var (isMetadata, isStatus) = (reader.ValueTextEquals("metadata"u8), reader.ValueTextEquals("status"u8));
            reader.Read();
            if (reader.TokenType == JsonTokenType.StartObject && (isMetadata || isStatus))
            {
                known = isMetadata ? WithMetadata(known, ref reader) : WithStatus(known, json, ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        return known;
    }

    /// <summary>The name of an object of which only the beginning is known, such as <c>Secret ns/name</c>.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="json">The beginning of its JSON.</param>
    /// <param name="depth">The depth of its fields: 1, or 2 for an object in an event.</param>
    public static string NameOfBeginning(ResourceKind kind, ReadOnlySpan<byte> json, int depth)
    {
        var key = ObjectKey.None;
        try
        {
            var reader = new Utf8JsonReader(json, isFinalBlock: false, new JsonReaderState(JsonReading.Options));
            var isMetadata = false;
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName)
                {
                    continue;
                }

                if (reader.CurrentDepth == depth)
                {
                    isMetadata = reader.ValueTextEquals("metadata"u8);
                }
                else if (isMetadata && reader.CurrentDepth == depth + 1 && reader.ValueTextEquals("name"u8))
                {
                    key = key with { Name = TextOf(ref reader) };
                }
                else if (isMetadata && reader.CurrentDepth == depth + 1 && reader.ValueTextEquals("namespace"u8))
                {
                    key = key with { Namespace = TextOf(ref reader) };
                }
            }
        }
        catch (JsonException)
        {
            // What is known until here is enough.
        }

        return $"{kind.Kind} {new UnreadableObject(key, "", "", "").Name}";
    }

    private static UnreadableObject WithMetadata(UnreadableObject known, ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            if (reader.ValueTextEquals("namespace"u8))
            {
                known = known with { Key = known.Key with { Namespace = TextOf(ref reader) } };
            }
            else if (reader.ValueTextEquals("name"u8))
            {
                known = known with { Key = known.Key with { Name = TextOf(ref reader) } };
            }
            else if (reader.ValueTextEquals("uid"u8))
            {
                known = known with { Uid = TextOf(ref reader, LongestUid) };
            }
            else if (reader.ValueTextEquals("resourceVersion"u8))
            {
                known = known with { ResourceVersion = TextOf(ref reader, LongestVersion) };
            }
            else if (reader.ValueTextEquals("generation"u8))
            {
                known = known with { Generation = NumberOf(ref reader) };
            }
            else if (reader.ValueTextEquals("deletionTimestamp"u8))
            {
                known = known with { IsBeingDeleted = TextOf(ref reader).Length > 0 };
            }
            else
            {
                reader.Read();
            }

            reader.Skip();
        }

        return known;
    }

    private static UnreadableObject WithStatus(UnreadableObject known, ReadOnlySpan<byte> json, ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            if (reader.ValueTextEquals("observedGeneration"u8))
            {
                known = known with { ObservedGeneration = NumberOf(ref reader) };
            }
            else if (reader.ValueTextEquals("conditions"u8))
            {
                known = known with { ReadyCondition = ReadyConditionOf(json, ref reader) };
            }
            else
            {
                reader.Read();
            }

            reader.Skip();
        }

        return known;
    }

    private static JsonElement ReadyConditionOf(ReadOnlySpan<byte> json, ref Utf8JsonReader reader)
    {
        var ready = default(JsonElement);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return ready;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            var condition = json[start..(int)reader.BytesConsumed];
            if (condition.Length <= UnreadableObject.LongestCondition
                && condition.IndexOf("\"Ready\""u8) >= 0
                && Utf8.IsValid(condition)
                && JsonReading.Parse(condition) is var found
                && found.Text("type") == "Ready")
            {
                ready = found;
            }
        }

        return ready;
    }

    private static long NumberOf(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number) ? number : 0;
    }

    // What is longer than a name can be is no name.
    private static string TextOf(ref Utf8JsonReader reader, int longest = DnsNames.MaxSubdomainLength)
    {
        reader.Read();
        try
        {
            return reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length <= longest ? reader.GetString()! : "";
        }
        catch (InvalidOperationException)
        {
            return "";
        }
    }

    private static bool HasTexts(JsonElement value) => value.ValueKind == JsonValueKind.Array
        ? value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String)
        : value.EnumerateObject().All(entry => entry.Value.ValueKind == JsonValueKind.String);
}

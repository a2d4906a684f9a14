using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ServiceProviderOcm.Core.Kubernetes.Objects;

/// <summary>
/// One Kubernetes object of any kind, as immutable JSON. Safe to share between threads; numbers and unknown fields keep the
/// form in which they arrived.
/// </summary>
public sealed class KubeObject
{
    /// <summary>The memory that the parser takes for each token, in addition to its text.</summary>
    internal const int BytesPerToken = 12;

    // Beyond this, parsing takes too long to be repeated, and the parsed form too much memory to be cached.
    private const int LongestText = 4 << 10;

    private static readonly JsonElement Empty = JsonReading.Parse("{}");
    private static readonly ParsedTexts Parsed = new();

    private readonly JsonElement _json;
    private readonly byte[]? _text;
    private string? _namespace;
    private string? _name;
    private long _size;

    /// <summary>Wraps an object's JSON. The element must outlive its document (see <see cref="JsonElement.Clone"/>).</summary>
    /// <param name="json">The JSON, without the shared part.</param>
    /// <param name="ownership">Who owns which fields.</param>
    /// <param name="shared">A part that is kept beside the JSON.</param>
    public KubeObject(JsonElement json, FieldOwnership? ownership = null, SharedPart? shared = null)
    {
        _json = json;
        Ownership = ownership ?? FieldOwnership.None;
        Shared = shared ?? SharedPart.None;
    }

    private KubeObject(byte[] text, FieldOwnership ownership, SharedPart shared)
    {
        _text = text;
        Ownership = ownership;
        Shared = shared;
    }

    /// <summary>The whole object. If it has a shared part, it is put together each time: see <see cref="At"/>.</summary>
    public JsonElement Json => Shared.Path.Count == 0 ? OwnJson : WithShared();

    /// <summary>The part of the object that is kept beside its JSON.</summary>
    public SharedPart Shared { get; }

    /// <summary>The object without <see cref="Shared"/>.</summary>
    internal JsonElement OwnJson => _text is null ? _json : Parsed.Of(_text);

    /// <summary>About how much memory the object takes, in bytes, without what it shares with others.</summary>
    internal long Size => _size > 0 ? _size : _size = 300 + (_text?.Length ?? MemoryOf(JsonMarshal.GetRawUtf8Value(_json))) + Ownership.Size;

    /// <summary>Who owns which fields of the object's desired state, according to its <c>managedFields</c>.</summary>
    public FieldOwnership Ownership { get; }

    /// <summary><c>metadata.name</c>.</summary>
    public string Name => _name ??= OwnJson.Text("metadata", "name") ?? "";

    /// <summary><c>metadata.namespace</c>; empty for cluster-scoped objects.</summary>
    public string Namespace => _namespace ??= OwnJson.Text("metadata", "namespace") ?? "";

    /// <summary>Namespace and name.</summary>
    public ObjectKey Key => new(Namespace, Name);

    /// <summary><c>metadata.uid</c>.</summary>
    public string Uid => OwnJson.Text("metadata", "uid") ?? "";

    /// <summary><c>metadata.resourceVersion</c>.</summary>
    public string ResourceVersion => OwnJson.Text("metadata", "resourceVersion") ?? "";

    /// <summary><c>metadata.generation</c>: how often the desired state has changed; 0 where the kind does not count.</summary>
    public long Generation => OwnJson.Number("metadata", "generation") ?? 0;

    /// <summary>Whether it is being deleted: it has a deletionTimestamp.</summary>
    public bool IsBeingDeleted => OwnJson.At("metadata", "deletionTimestamp") is not null;

    /// <summary><c>metadata.labels</c>.</summary>
    public IReadOnlyDictionary<string, string> Labels => OwnJson.TextMap("metadata", "labels");

    /// <summary><c>metadata.annotations</c>.</summary>
    public IReadOnlyDictionary<string, string> Annotations => OwnJson.TextMap("metadata", "annotations");

    /// <summary><c>metadata.finalizers</c>.</summary>
    public IReadOnlyList<string> Finalizers =>
        [.. OwnJson.Items("metadata", "finalizers").Select(item => item.Text()).OfType<string>()];

    /// <summary>The condition of type Ready; an undefined element where there is none.</summary>
    public JsonElement ReadyCondition => Condition("Ready");

    /// <summary>
    /// An object that is kept as text and parsed when it is read, if the text is short. Its parsed form takes twice the memory.
    /// </summary>
    /// <param name="text">The JSON, without the shared part.</param>
    /// <param name="ownership">Who owns which fields.</param>
    /// <param name="shared">A part that is kept beside the JSON.</param>
    internal static KubeObject OfText(ReadOnlySpan<byte> text, FieldOwnership ownership, SharedPart shared) => text.Length > LongestText
        ? new KubeObject(JsonReading.Parse(text), ownership, shared)
        : new KubeObject(text.ToArray(), ownership, shared);

    /// <summary>Builds an object from nodes, such as a manifest written as a collection expression.</summary>
    public static KubeObject From(JsonObject json) => new(json.ToElement());

    /// <summary>Parses an object from JSON text.</summary>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static KubeObject Parse(string json) => new(JsonReading.Parse(json));

    /// <summary>The value at a path of property names, as <see cref="JsonPaths.At"/>.</summary>
    public JsonElement? At(params ReadOnlySpan<string> path) =>
        Shared.Path.Count == 0 || (path.Length > 0 && path[0] != Shared.Path[0]) ? OwnJson.At(path)
        : Shared.Covers([.. path]) ? Shared.Value.At(path[Shared.Path.Count..])
        : Shared.Path.Take(path.Length).SequenceEqual(path.ToArray()) ? Json.At(path)
        : OwnJson.At(path);

    /// <summary>The string at a path, or null where there is none.</summary>
    public string? Text(params ReadOnlySpan<string> path) => At(path)?.Text();

    /// <summary>The elements of the array at a path; empty where there is none.</summary>
    public IEnumerable<JsonElement> Items(params ReadOnlySpan<string> path) => At(path)?.Items() ?? [];

    /// <summary>The condition of a type; an undefined element where there is none.</summary>
    public JsonElement Condition(string type) =>
        OwnJson.Items("status", "conditions").FirstOrDefault(condition => condition.Text("type") == type);

    /// <summary>Names the object, and never shows its content, which may be secret.</summary>
    public override string ToString() => $"{OwnJson.Text("kind") ?? "object"} {Key}";

    // The parser keeps the text, and something for each of its tokens.
    private static long MemoryOf(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, JsonReading.Options);
        long size = json.Length;
        while (reader.Read())
        {
            size += BytesPerToken;
        }

        return size;
    }

    private JsonElement WithShared() => JsonReading.Parse(JsonWriting.Write(writer => WriteWithShared(writer, OwnJson, depth: 0)));

    private void WriteWithShared(Utf8JsonWriter writer, JsonElement owner, int depth)
    {
        var name = Shared.Path[depth];
        writer.WriteStartObject();
        foreach (var field in owner.EnumerateObject().Where(field => !field.NameEquals(name)))
        {
            field.WriteTo(writer);
        }

        writer.WritePropertyName(name);
        if (depth == Shared.Path.Count - 1)
        {
            Shared.Value.WriteTo(writer);
        }
        else
        {
            WriteWithShared(writer, owner.At(name) is { ValueKind: JsonValueKind.Object } next ? next : Empty, depth + 1);
        }

        writer.WriteEndObject();
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;

namespace ServiceProviderOcm.Core.Kubernetes.Objects;

/// <summary>
/// One Kubernetes object of any kind, as immutable JSON. Safe to share between threads; numbers and unknown fields keep the
/// form in which they arrived.
/// </summary>
public sealed class KubeObject
{
    /// <summary>Wraps an object's JSON. The element must outlive its document (see <see cref="JsonElement.Clone"/>).</summary>
    public KubeObject(JsonElement json, FieldOwnership? ownership = null)
    {
        Json = json;
        Ownership = ownership ?? FieldOwnership.None;
    }

    /// <summary>The whole object.</summary>
    public JsonElement Json { get; }

    /// <summary>Who owns which fields of the object's desired state, according to its <c>managedFields</c>.</summary>
    public FieldOwnership Ownership { get; }

    /// <summary><c>metadata.name</c>.</summary>
    public string Name => Json.Text("metadata", "name") ?? "";

    /// <summary><c>metadata.namespace</c>; empty for cluster-scoped objects.</summary>
    public string Namespace => Json.Text("metadata", "namespace") ?? "";

    /// <summary>Namespace and name.</summary>
    public ObjectKey Key => new(Namespace, Name);

    /// <summary><c>metadata.uid</c>.</summary>
    public string Uid => Json.Text("metadata", "uid") ?? "";

    /// <summary><c>metadata.resourceVersion</c>.</summary>
    public string ResourceVersion => Json.Text("metadata", "resourceVersion") ?? "";

    /// <summary><c>metadata.generation</c>: how often the desired state has changed; 0 where the kind does not count.</summary>
    public long Generation => Json.Number("metadata", "generation") ?? 0;

    /// <summary>Whether it is being deleted: it has a deletionTimestamp.</summary>
    public bool IsBeingDeleted => Json.At("metadata", "deletionTimestamp") is not null;

    /// <summary><c>metadata.labels</c>.</summary>
    public IReadOnlyDictionary<string, string> Labels => Json.TextMap("metadata", "labels");

    /// <summary><c>metadata.annotations</c>.</summary>
    public IReadOnlyDictionary<string, string> Annotations => Json.TextMap("metadata", "annotations");

    /// <summary><c>metadata.finalizers</c>.</summary>
    public IReadOnlyList<string> Finalizers =>
        [.. Json.Items("metadata", "finalizers").Select(item => item.Text()).OfType<string>()];

    /// <summary>The condition of type Ready; an undefined element where there is none.</summary>
    public JsonElement ReadyCondition => Condition("Ready");

    /// <summary>Builds an object from nodes, such as a manifest written as a collection expression.</summary>
    public static KubeObject From(JsonObject json) => new(json.ToElement());

    /// <summary>Parses an object from JSON text.</summary>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static KubeObject Parse(string json) => new(JsonReading.Parse(json));

    /// <summary>The condition of a type; an undefined element where there is none.</summary>
    public JsonElement Condition(string type) =>
        Json.Items("status", "conditions").FirstOrDefault(condition => condition.Text("type") == type);

    /// <summary>Names the object, and never shows its content, which may be secret.</summary>
    public override string ToString() => $"{Json.Text("kind") ?? "object"} {Key}";
}

using System.Collections.Immutable;
using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Sandbox.Schema;

/// <summary>
/// A structural schema as in a CustomResourceDefinition, see
/// <see href="https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/">there</see>.
/// </summary>
internal sealed class StructuralSchema
{
    /// <summary>Knows nothing of its values and keeps them.</summary>
    public static readonly StructuralSchema Anything =
        new(JsonReading.Parse("""{"x-kubernetes-preserve-unknown-fields":true}"""));

    private StructuralSchema(JsonElement rules)
    {
        Rules = rules;
        Type = rules.Text("type");
        Nullable = rules.At("nullable") is { ValueKind: JsonValueKind.True };
        PreservesUnknownFields = rules.At("x-kubernetes-preserve-unknown-fields") is { ValueKind: JsonValueKind.True };
        IsEmbeddedResource = rules.At("x-kubernetes-embedded-resource") is { ValueKind: JsonValueKind.True };
        IsIntOrString = rules.At("x-kubernetes-int-or-string") is { ValueKind: JsonValueKind.True };
        ListType = rules.Text("x-kubernetes-list-type") ?? "atomic";
        ListMapKeys = [.. rules.Items("x-kubernetes-list-map-keys").Select(key => key.GetString()!)];
        IsAtomicMap = rules.Text("x-kubernetes-map-type") == "atomic";
        Properties = rules.At("properties") is { ValueKind: JsonValueKind.Object } properties
            ? properties.EnumerateObject().ToImmutableDictionary(entry => entry.Name, entry => Parse(entry.Value))
            : [];
        Items = rules.At("items") is { ValueKind: JsonValueKind.Object } items ? Parse(items) : null;
        AdditionalProperties = rules.At("additionalProperties") switch
        {
            { ValueKind: JsonValueKind.Object } values => Parse(values),
            { ValueKind: JsonValueKind.True } => Anything,
            _ => null,
        };
    }

    /// <summary>The schema as written, for the validating keywords.</summary>
    public JsonElement Rules { get; }

    /// <summary>The type; null where any is allowed.</summary>
    public string? Type { get; }

    /// <summary>Whether null is a value.</summary>
    public bool Nullable { get; }

    /// <summary>Whether what is not specified is kept.</summary>
    public bool PreservesUnknownFields { get; }

    /// <summary>Whether the value is a Kubernetes object of its own.</summary>
    public bool IsEmbeddedResource { get; }

    /// <summary>Whether both whole numbers and strings will do.</summary>
    public bool IsIntOrString { get; }

    /// <summary>How lists are merged: <c>atomic</c>, <c>set</c> or <c>map</c>.</summary>
    public string ListType { get; }

    /// <summary>What identifies an item of a list of type <c>map</c>.</summary>
    public ImmutableArray<string> ListMapKeys { get; }

    /// <summary>Whether an object has one owner as a whole.</summary>
    public bool IsAtomicMap { get; }

    /// <summary>The named fields.</summary>
    public ImmutableDictionary<string, StructuralSchema> Properties { get; init; }

    /// <summary>The values of a map; null where there are named fields only.</summary>
    public StructuralSchema? AdditionalProperties { get; }

    /// <summary>The items of a list.</summary>
    public StructuralSchema? Items { get; }

    /// <summary>The default; null where there is none.</summary>
    public JsonElement? Default => Rules.At("default");

    /// <summary>Reads a schema.</summary>
    public static StructuralSchema Parse(JsonElement rules) => new(rules);

    /// <summary>The schema of whole objects: with apiVersion, kind and metadata, whatever is said of them.</summary>
    public StructuralSchema OfObject() => new(Rules) { Properties = Properties.SetItems(ObjectMeta.Properties) };

    /// <summary>What is specified of a field; null where nothing is.</summary>
    public StructuralSchema? Specified(string name) =>
        Properties.TryGetValue(name, out var field) ? field
        : IsEmbeddedResource && ObjectMeta.Properties.TryGetValue(name, out var known) ? known
        : AdditionalProperties;

    /// <summary>What is known of a field.</summary>
    public StructuralSchema Field(string name) =>
        Properties.TryGetValue(name, out var field) ? field : AdditionalProperties ?? Anything;
}

using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Sandbox.ApiServer.Json;

namespace ServiceProviderOcm.Sandbox.ApiServer.Schema;

/// <summary>
/// A structural schema, see
/// <see href="https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/">the documentation</see>.
/// </summary>
internal sealed class StructuralSchema
{
    /// <summary>Accepts and preserves every value.</summary>
    public static readonly StructuralSchema Anything =
        new(JsonReading.Parse("""{"x-kubernetes-preserve-unknown-fields":true}"""));

    private Regex? _pattern;

    private StructuralSchema(JsonElement rules)
    {
        Rules = rules;
        Type = rules.Text("type");
        Nullable = rules.At("nullable") is { ValueKind: JsonValueKind.True };
        PreservesUnknownFields = rules.At("x-kubernetes-preserve-unknown-fields") is { ValueKind: JsonValueKind.True };
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

    /// <summary>The JSON of the schema, for the validating keywords.</summary>
    public JsonElement Rules { get; }

    /// <summary>The pattern of texts; null if there is none.</summary>
    public Regex? Pattern => _pattern ??= Rules.Text("pattern") is { } pattern ? LinearRegex.Of(pattern) : null;

    /// <summary>The type; null: any.</summary>
    public string? Type { get; }

    /// <summary>Whether null is valid.</summary>
    public bool Nullable { get; }

    /// <summary>Whether unknown fields are preserved.</summary>
    public bool PreservesUnknownFields { get; }

    /// <summary>How lists are merged: <c>atomic</c>, <c>set</c> or <c>map</c>.</summary>
    public string ListType { get; }

    /// <summary>The keys of a list of type <c>map</c>.</summary>
    public ImmutableArray<string> ListMapKeys { get; }

    /// <summary>Whether an object is one field for server-side apply.</summary>
    public bool IsAtomicMap { get; }

    /// <summary>The named fields.</summary>
    public ImmutableDictionary<string, StructuralSchema> Properties { get; init; }

    /// <summary>The schema of other fields; null if there are none.</summary>
    public StructuralSchema? AdditionalProperties { get; }

    /// <summary>The schema of list items.</summary>
    public StructuralSchema? Items { get; }

    /// <summary>The default; null if there is none.</summary>
    public JsonElement? Default => Rules.At("default");

    /// <summary>Reads a schema.</summary>
    public static StructuralSchema Parse(JsonElement rules) => new(rules);

    /// <summary>This schema with apiVersion, kind and metadata.</summary>
    public StructuralSchema OfObject() => new(Rules) { Properties = Properties.SetItems(ObjectMeta.Properties) };

    /// <summary>The schema of a field; null if there is none.</summary>
    public StructuralSchema? Specified(string name) =>
        Properties.TryGetValue(name, out var field) ? field : AdditionalProperties;

    /// <summary>The schema of a field; <see cref="Anything"/> if there is none.</summary>
    public StructuralSchema Field(string name) =>
        Properties.TryGetValue(name, out var field) ? field : AdditionalProperties ?? Anything;
}

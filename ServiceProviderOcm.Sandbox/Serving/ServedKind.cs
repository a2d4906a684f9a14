using System.Collections.Immutable;
using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Sandbox.Schema;

namespace ServiceProviderOcm.Sandbox.Serving;

/// <summary>A kind that the server serves, in one version.</summary>
/// <param name="Kind">Group, version, names and scope.</param>
/// <param name="Schema">What is known of its objects, as they are stored.</param>
internal sealed record ServedKind(ResourceKind Kind, StructuralSchema Schema)
{
    /// <summary>Where its objects are stored; the same for all versions of a kind.</summary>
    public string Resource { get; init; } = Kind.QualifiedPlural;

    /// <summary>What is known of its objects, as this version shows them.</summary>
    public StructuralSchema ShownSchema { get; init; } = Schema;

    /// <summary>Lower-case singular.</summary>
    public string Singular { get; init; } = Kind.Kind.ToLowerInvariant();

    /// <summary>The kind of its lists.</summary>
    public string ListKind { get; init; } = $"{Kind.Kind}List";

    /// <summary>What kubectl lets it be called.</summary>
    public ImmutableArray<string> ShortNames { get; init; } = [];

    /// <summary>Such as <c>all</c>.</summary>
    public ImmutableArray<string> Categories { get; init; } = [];

    /// <summary>Whether the status is written apart from the rest.</summary>
    public bool HasStatus { get; init; }

    /// <summary>Where the subresource <c>scale</c> has its numbers from; null where there is none.</summary>
    public ScalePaths? Scale { get; init; }

    /// <summary>Whether <c>metadata.generation</c> counts changes.</summary>
    public bool CountsGenerations { get; init; }

    /// <summary>Whether replacing an object that is not there makes it.</summary>
    public bool IsCreatedByUpdates { get; init; }

    /// <summary>Whether it comes from a CustomResourceDefinition.</summary>
    public bool IsCustom { get; init; }

    /// <summary>Whether its definition is being deleted, so that no more objects may come.</summary>
    public bool IsTerminating { get; init; }

    /// <summary>Whether it is only asked about, and never stored.</summary>
    public bool IsReview { get; init; }

    /// <summary>Fields besides those of the metadata by which objects can be selected.</summary>
    public ImmutableArray<string> SelectableFields { get; init; } = [];

    /// <summary>What <c>kubectl get</c> shows besides the name.</summary>
    public ImmutableArray<PrinterColumn> Columns { get; init; } = [new PrinterColumn("Age", "date", ".metadata.creationTimestamp")];

    /// <summary>What fields are called in the stored version, by what they are called in this one.</summary>
    public ImmutableDictionary<string, string> StoredNames { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Reads the kinds of a CustomResourceDefinition, one for each version that is served.</summary>
    public static IEnumerable<ServedKind> Of(JsonElement definition)
    {
        var names = definition.At("status", "acceptedNames") ?? default;
        foreach (var version in definition.Items("spec", "versions").Where(version => version.At("served") is { ValueKind: JsonValueKind.True }))
        {
            var schema = version.At("schema", "openAPIV3Schema") is { } rules ? StructuralSchema.Parse(rules) : StructuralSchema.Anything;
            var columns = version.Items("additionalPrinterColumns").Select(Column).ToImmutableArray();
            var kind = new ResourceKind(
                definition.Text("spec", "group")!,
                version.Text("name")!,
                names.Text("kind")!,
                names.Text("plural")!,
                definition.Text("spec", "scope") == "Namespaced");
            var served = new ServedKind(kind, schema.OfObject())
            {
                Singular = names.Text("singular") ?? kind.Kind.ToLowerInvariant(),
                ListKind = names.Text("listKind") ?? $"{kind.Kind}List",
                ShortNames = [.. names.Items("shortNames").Select(name => name.GetString()!)],
                Categories = [.. names.Items("categories").Select(name => name.GetString()!)],
                HasStatus = version.At("subresources", "status") is not null,
                Scale = version.At("subresources", "scale") is { } scale ? ScalePaths.Parse(scale) : null,
                CountsGenerations = true,
                IsCustom = true,
                IsTerminating = definition.At("metadata", "deletionTimestamp") is not null,
            };
            yield return columns.IsEmpty ? served : served with { Columns = columns };
        }
    }

    private static PrinterColumn Column(JsonElement column) => new(
        column.Text("name")!,
        column.Text("type")!,
        column.Text("jsonPath")!,
        (int)(column.Number("priority") ?? 0),
        column.Text("description") ?? "",
        column.Text("format") ?? "");
}

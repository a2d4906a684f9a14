using System.Collections.Immutable;
using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Sandbox.ApiServer.Schema;

namespace ServiceProviderOcm.Sandbox.ApiServer.Serving;

/// <summary>A kind that the server serves, in one version.</summary>
/// <param name="Kind">Group, version, names and scope.</param>
/// <param name="Schema">The schema of the stored form.</param>
internal sealed record ServedKind(ResourceKind Kind, StructuralSchema Schema)
{
    /// <summary>The resource under which its objects are stored; the same for all versions.</summary>
    public string Resource { get; init; } = Kind.QualifiedPlural;

    /// <summary>The schema of this version.</summary>
    public StructuralSchema ShownSchema { get; init; } = Schema;

    /// <summary>Lower-case singular.</summary>
    public string Singular { get; init; } = Kind.Kind.ToLowerInvariant();

    public string ListKind { get; init; } = $"{Kind.Kind}List";

    /// <summary>The short names for kubectl.</summary>
    public ImmutableArray<string> ShortNames { get; init; } = [];

    /// <summary>The categories, such as <c>all</c>.</summary>
    public ImmutableArray<string> Categories { get; init; } = [];

    /// <summary>Whether it has the subresource <c>status</c>.</summary>
    public bool HasStatus { get; init; }

    /// <summary>Whether <c>metadata.generation</c> counts changes.</summary>
    public bool CountsGenerations { get; init; }

    /// <summary>Whether it comes from a CustomResourceDefinition.</summary>
    public bool IsCustom { get; init; }

    /// <summary>Whether its definition is being deleted.</summary>
    public bool IsTerminating { get; init; }

    /// <summary>Whether it is a review, which is answered and not stored.</summary>
    public bool IsReview { get; init; }

    /// <summary>The fields for field selectors, besides those of the metadata.</summary>
    public ImmutableArray<string> SelectableFields { get; init; } = [];

    /// <summary>The columns of <c>kubectl get</c>, besides the name.</summary>
    public ImmutableArray<PrinterColumn> Columns { get; init; } = [new PrinterColumn("Age", "date", ".metadata.creationTimestamp")];

    /// <summary>The names of fields in the stored form, by their names in this version.</summary>
    public ImmutableDictionary<string, string> StoredNames { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Reads the kinds of a CustomResourceDefinition, one for each version that is served.</summary>
    public static IEnumerable<ServedKind> Of(JsonElement definition)
    {
        var names = definition.At("status", "acceptedNames") ?? default;
        var versions = definition.Items("spec", "versions");
        foreach (var version in versions.Where(version => version.At("served") is { ValueKind: JsonValueKind.True }))
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

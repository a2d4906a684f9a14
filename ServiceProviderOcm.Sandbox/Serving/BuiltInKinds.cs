using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Sandbox.Schema;

namespace ServiceProviderOcm.Sandbox.Serving;

/// <summary>The kinds that are served from the start, as <c>built-in.json</c> and <c>types.json</c> describe them.</summary>
internal static class BuiltInKinds
{
    private static readonly PrinterColumn Age = new("Age", "date", ".metadata.creationTimestamp");

    /// <summary>All of them.</summary>
    public static ImmutableArray<ServedKind> All { get; } = Load();

    private static ImmutableArray<ServedKind> Load()
    {
        var types = new TypeNotation(Resource("types.json"));
        var kinds = Resource("built-in.json").EnumerateArray().Select(kind => Read(kind, types)).ToList();
        return [.. kinds.Select(kind => kind with { Schema = kinds.Find(stored => stored.Resource == kind.Resource)!.Schema })];
    }

    private static JsonElement Resource(string name)
    {
        using var stream = typeof(BuiltInKinds).Assembly.GetManifestResourceStream(name)!;
        return JsonSerializer.Deserialize<JsonElement>(stream);
    }

    private static ServedKind Read(JsonElement kind, TypeNotation types)
    {
        var names = new ResourceKind(
            kind.Text("group") ?? "", kind.Text("version")!, kind.Text("kind")!, kind.Text("plural")!, !IsTrue(kind, "clusterScoped"));
        var schema = kind.At("fields") is { } fields
            ? StructuralSchema.Parse(JsonSerializer.SerializeToElement<JsonNode>(types.Expand(fields)))
            : StructuralSchema.Anything;
        var served = new ServedKind(names, schema.OfObject())
        {
            ListKind = kind.Text("listKind") ?? $"{names.Kind}List",
            ShortNames = [.. kind.Items("shortNames").Select(name => name.GetString()!)],
            Categories = [.. kind.Items("categories").Select(name => name.GetString()!)],
            HasStatus = IsTrue(kind, "hasStatus"),
            CountsGenerations = IsTrue(kind, "countsGenerations"),
            IsCreatedByUpdates = IsTrue(kind, "isCreatedByUpdates"),
            IsReview = IsTrue(kind, "isReview"),
            Scale = IsTrue(kind, "isScalable") ? ScalePaths.OfWorkloads : null,
            SelectableFields = [.. kind.Items("selectableFields").Select(name => name.GetString()!)],
            StoredNames = kind.TextMap("storedNames").ToImmutableDictionary(),
            Columns =
            [
                .. kind.Items("columns").Select(column => Column(column, (int)(column.Number("priority") ?? 0))),
                .. IsTrue(kind, "hasNoAge") ? [] : new[] { Age },
                .. kind.Items("wideColumns").Select(column => Column(column, 1)),
            ],
        };
        return served with { Resource = kind.Text("storedAs") ?? served.Resource };
    }

    private static PrinterColumn Column(JsonElement column, int priority) =>
        new(column.Text("name")!, column.Text("type") ?? "string", column.Text("path") ?? "", priority) { Text = column.Text("text") };

    private static bool IsTrue(JsonElement kind, string name) => kind.At(name) is { ValueKind: JsonValueKind.True };
}

using System.Collections.Immutable;
using System.Text.Json;
using ServiceProviderOcm.Core.Objects;
using ServiceProviderOcm.Sandbox.Schema;

namespace ServiceProviderOcm.Sandbox.Serving;

/// <summary>The kinds that are served from the start, as <c>built-in.json</c> describes them.</summary>
internal static class BuiltInKinds
{
    /// <summary>All of them.</summary>
    public static ImmutableArray<ServedKind> All { get; } = Load();

    private static ImmutableArray<ServedKind> Load()
    {
        using var stream = typeof(BuiltInKinds).Assembly.GetManifestResourceStream("built-in.json")!;
        using var document = JsonDocument.Parse(stream);
        return [.. document.RootElement.EnumerateArray().Select(kind => Read(kind.Clone()))];
    }

    private static ServedKind Read(JsonElement kind)
    {
        var names = new ResourceKind(
            kind.Text("group") ?? "", kind.Text("version")!, kind.Text("kind")!, kind.Text("plural")!, !IsTrue(kind, "clusterScoped"));
        var schema = kind.At("schema") is { } rules ? StructuralSchema.Parse(rules) : StructuralSchema.Anything;
        var columns = kind.Items("columns").Select(column => new PrinterColumn(
            column.Text("name")!, column.Text("type") ?? "string", column.Text("path")!, (int)(column.Number("priority") ?? 0)));
        var served = new ServedKind(names, schema.OfObject())
        {
            ShortNames = [.. kind.Items("shortNames").Select(name => name.GetString()!)],
            HasStatus = IsTrue(kind, "hasStatus"),
            CountsGenerations = IsTrue(kind, "countsGenerations"),
            IsReview = IsTrue(kind, "isReview"),
            SelectableFields = [.. kind.Items("selectableFields").Select(name => name.GetString()!)],
            StoredNames = kind.TextMap("storedNames").ToImmutableDictionary(),
        };
        served = served with { Resource = kind.Text("storedAs") ?? served.Resource };
        return served with { Columns = [.. columns, .. served.Columns] };
    }

    private static bool IsTrue(JsonElement kind, string name) => kind.At(name) is { ValueKind: JsonValueKind.True };
}

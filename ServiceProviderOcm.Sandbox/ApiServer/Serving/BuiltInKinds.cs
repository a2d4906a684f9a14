using System.Collections.Immutable;
using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Sandbox.ApiServer.Schema;

namespace ServiceProviderOcm.Sandbox.ApiServer.Serving;

/// <summary>The kinds that every server serves, as <c>built-in.json</c> describes them.</summary>
internal static class BuiltInKinds
{
    private const string File = "built-in.json";

    private static readonly PrinterColumn Age = new("Age", "date", ".metadata.creationTimestamp");

    /// <summary>All of them.</summary>
    public static ImmutableArray<ServedKind> All { get; } = Load();

    private static ImmutableArray<ServedKind> Load()
    {
        using var text = new StreamReader(typeof(BuiltInKinds).Assembly.GetManifestResourceStream(File)!);
        var kinds = JsonReading.Parse(text.ReadToEnd()).EnumerateArray().Select(Read).ToList();
        return [.. kinds.Select(kind => kind with { Schema = kinds.Find(stored => stored.Resource == kind.Resource)!.Schema })];
    }

    private static ServedKind Read(JsonElement kind)
    {
        var names = new ResourceKind(
            kind.Text("group") ?? "", kind.Text("version")!, kind.Text("kind")!, kind.Text("plural")!, !IsTrue(kind, "clusterScoped"));
        var schema = kind.At("schema") is { } rules ? StructuralSchema.Parse(rules) : StructuralSchema.Anything;
        var served = new ServedKind(names, schema.OfObject())
        {
            ShortNames = [.. kind.Items("shortNames").Select(name => name.GetString()!)],
            HasStatus = IsTrue(kind, "hasStatus"),
            CountsGenerations = IsTrue(kind, "countsGenerations"),
            IsReview = IsTrue(kind, "isReview"),
            SelectableFields = [.. kind.Items("selectableFields").Select(name => name.GetString()!)],
            StoredNames = kind.TextMap("storedNames").ToImmutableDictionary(),
            Columns = [.. kind.Items("columns").Select(Column), Age],
        };
        return served with { Resource = kind.Text("storedAs") ?? served.Resource };
    }

    private static PrinterColumn Column(JsonElement column) =>
        new(column.Text("name")!, column.Text("type") ?? "string", column.Text("path")!) { IsCount = IsTrue(column, "isCount") };

    private static bool IsTrue(JsonElement json, string name) => json.At(name) is { ValueKind: JsonValueKind.True };
}

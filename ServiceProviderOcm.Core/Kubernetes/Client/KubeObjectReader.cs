using System.Buffers;
using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>
/// Reads objects without <c>managedFields</c>, often half of an object, which are reduced to a <see cref="FieldOwnership"/>, and without
/// kubectl's copy of the whole object.
/// </summary>
/// <param name="fieldManager">The field manager whose fields are <see cref="FieldOwnership.Applied"/>.</param>
/// <param name="sharedParts">The parts that objects share.</param>
internal sealed class KubeObjectReader(string fieldManager, IReadOnlyList<SharedParts> sharedParts)
{
    private const string LastApplied = "kubectl.kubernetes.io/last-applied-configuration";

    public KubeObject Read(JsonElement raw)
    {
        var shared = sharedParts.Select(parts => parts.Of(raw)).FirstOrDefault(part => part != SharedPart.None, SharedPart.None);
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            WriteWithout(
                writer,
                raw,
                "metadata",
                (nested, metadata) => WriteWithout(nested, metadata, "managedFields", null, "annotations", (deeper, annotations) =>
                    WriteWithout(deeper, annotations, LastApplied, null)),
                shared.Path.Count == 0 ? null : shared.Path[0],
                (nested, owner) => WriteWithoutPath(nested, owner, shared.Path, depth: 1));
        }

        return new KubeObject(JsonReading.Parse(buffer.WrittenSpan), Ownership(raw), shared);
    }

    private static void WriteWithoutPath(Utf8JsonWriter writer, JsonElement element, IReadOnlyList<string> path, int depth) => WriteWithout(
        writer,
        element,
        path[depth],
        depth == path.Count - 1 ? null : (nested, inner) => WriteWithoutPath(nested, inner, path, depth + 1));

    private static void WriteWithout(
        Utf8JsonWriter writer,
        JsonElement element,
        string name,
        Action<Utf8JsonWriter, JsonElement>? write,
        string? secondName = null,
        Action<Utf8JsonWriter, JsonElement>? writeSecond = null)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            element.WriteTo(writer);
            return;
        }

        writer.WriteStartObject();
        foreach (var property in element.EnumerateObject())
        {
            var isFirst = property.NameEquals(name);
            var isSecond = !isFirst && secondName is not null && property.NameEquals(secondName);
            if (!isFirst && !isSecond)
            {
                property.WriteTo(writer);
            }
            else if ((isFirst ? write : writeSecond) is { } special)
            {
                writer.WritePropertyName(property.Name);
                special(writer, property.Value);
            }
        }

        writer.WriteEndObject();
    }

    private FieldOwnership Ownership(JsonElement raw)
    {
        List<IReadOnlyList<string>> applied = [];
        List<IReadOnlyList<string>> foreign = [];
        var isWrittenByProvider = false;
        foreach (var entry in raw.Items("metadata", "managedFields"))
        {
            if (entry.Text("subresource") is { Length: > 0 })
            {
                continue;
            }

            var isByProvider = entry.Text("manager") == fieldManager;
            var isApplied = isByProvider && entry.Text("operation") == "Apply";
            isWrittenByProvider |= isByProvider;
            foreach (var root in (ReadOnlySpan<string>)["spec", "data", "type"])
            {
                if (entry.At("fieldsV1", $"f:{root}") is { } fields)
                {
                    Collect(fields, [root], isApplied ? applied : foreign);
                }
            }
        }

        return applied.Count + foreign.Count == 0 && !isWrittenByProvider
            ? FieldOwnership.None
            : new FieldOwnership(applied, foreign) { IsWrittenByProvider = isWrittenByProvider };
    }

    // "f:name" is a field below; "k:{…}", "v:…" and "i:…" are elements of a list, which counts as one field here.
    private static void Collect(JsonElement fields, string[] path, List<IReadOnlyList<string>> into)
    {
        var isLeaf = true;
        foreach (var field in fields.ValueKind == JsonValueKind.Object ? fields.EnumerateObject() : default)
        {
            if (field.Name.StartsWith("f:", StringComparison.Ordinal))
            {
                isLeaf = false;
                Collect(field.Value, [.. path, field.Name[2..]], into);
            }
        }

        if (isLeaf)
        {
            into.Add(path);
        }
    }
}

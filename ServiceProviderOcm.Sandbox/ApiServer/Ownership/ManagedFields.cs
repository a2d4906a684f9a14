using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Sandbox.ApiServer.Json;
using ServiceProviderOcm.Sandbox.ApiServer.Schema;

namespace ServiceProviderOcm.Sandbox.ApiServer.Ownership;

/// <summary>Reads and writes <c>metadata.managedFields</c>, and updates it for writes other than server-side apply.</summary>
internal static class ManagedFields
{
    private static readonly FieldSet Untracked = FieldSet.Of(
    [
        Leaf("f:apiVersion"),
        Leaf("f:kind"),
        KeyValuePair.Create("f:metadata", FieldSet.Of(
            [
                Leaf("f:name"), Leaf("f:namespace"), Leaf("f:generateName"), Leaf("f:uid"),
                Leaf("f:resourceVersion"), Leaf("f:generation"), Leaf("f:creationTimestamp"),
                Leaf("f:deletionTimestamp"), Leaf("f:deletionGracePeriodSeconds"), Leaf("f:managedFields"), Leaf("f:selfLink"),
            ])),
    ]);

    /// <summary>The entries of an object.</summary>
    public static IReadOnlyList<FieldManagerEntry> Read(JsonObject? subject) =>
    [
        .. subject.Objects("metadata", "managedFields")
            .Where(entry => entry["fieldsV1"] is JsonObject)
            .Select(entry => new FieldManagerEntry(
                new FieldOwner(
                    entry.Text("manager") ?? "",
                    entry.Text("operation") ?? "",
                    entry.Text("apiVersion") ?? "",
                    entry.Text("subresource") ?? ""),
                entry.Text("time"),
                FieldSet.Parse(JsonSerializer.SerializeToElement(entry["fieldsV1"])))),
    ];

    /// <summary>Sets the entries of an object.</summary>
    public static void Write(JsonObject subject, IEnumerable<FieldManagerEntry> entries)
    {
        var written = entries
            .Where(entry => !entry.Fields.IsEmpty)
            .OrderBy(entry => entry.Owner.Operation, StringComparer.Ordinal)
            .ThenBy(entry => entry.Time, StringComparer.Ordinal)
            .ThenBy(entry => entry.Owner.Manager, StringComparer.Ordinal)
            .Select(Json)
            .ToArray<JsonNode>();
        var metadata = subject.Child("metadata");
        metadata.Remove("managedFields");
        if (written.Length > 0)
        {
            metadata["managedFields"] = new JsonArray(written);
        }
    }

    /// <summary>The fields that can have owners.</summary>
    public static FieldSet Tracked(FieldSet fields)
    {
        var tracked = fields.Without(Untracked);
        var metadata = tracked.Child("f:metadata");
        return metadata.Children.IsEmpty ? FieldSet.Of(tracked.Children.Remove("f:metadata")) : tracked;
    }

    /// <summary>The entries after an update: its owner has the changed fields, and no owner the removed ones.</summary>
    /// <param name="schema">The schema of the kind.</param>
    /// <param name="before">The object before; null if it is created.</param>
    /// <param name="after">The object after.</param>
    /// <param name="owner">The owner of the update.</param>
    /// <param name="time">The time; RFC 3339.</param>
    public static IReadOnlyList<FieldManagerEntry> AfterUpdate(
        StructuralSchema schema, JsonObject? before, JsonObject after, FieldOwner owner, string time)
    {
        var (changed, removed) = Fields.Compare(before ?? [], after, schema);
        changed = Tracked(changed);
        removed = Tracked(removed);
        var entries = Read(before);
        if (changed.IsEmpty && removed.IsEmpty)
        {
            return entries;
        }

        List<FieldManagerEntry> result = [];
        var mine = FieldSet.Empty;
        string? mineSince = null;
        foreach (var entry in entries)
        {
            var left = entry.Fields.Without(removed);
            if (entry.Owner == owner)
            {
                (mine, mineSince) = (left, entry.Time);
            }
            else
            {
                result.Add(entry with { Fields = left.Difference(changed) });
            }
        }

        var now = mine.Union(changed);
        result.Add(new FieldManagerEntry(owner, now.Same(mine) && changed.IsEmpty ? mineSince : time, now));
        return result;
    }

    private static JsonObject Json(FieldManagerEntry entry)
    {
        var json = new JsonObject
        {
            ["manager"] = entry.Owner.Manager,
            ["operation"] = entry.Owner.Operation,
            ["apiVersion"] = entry.Owner.ApiVersion,
            ["time"] = entry.Time,
            ["fieldsType"] = "FieldsV1",
            ["fieldsV1"] = entry.Fields.ToFieldsV1(),
        };
        if (entry.Owner.Subresource.Length > 0)
        {
            json["subresource"] = entry.Owner.Subresource;
        }

        return json;
    }

    private static KeyValuePair<string, FieldSet> Leaf(string element) => KeyValuePair.Create(element, FieldSet.Leaf);
}

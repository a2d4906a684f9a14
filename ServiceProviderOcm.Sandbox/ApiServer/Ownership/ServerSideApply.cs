using System.Text.Json.Nodes;
using ServiceProviderOcm.Sandbox.ApiServer.Errors;
using ServiceProviderOcm.Sandbox.ApiServer.Json;
using ServiceProviderOcm.Sandbox.ApiServer.Schema;

namespace ServiceProviderOcm.Sandbox.ApiServer.Ownership;

/// <summary>
/// Server-side apply: see <see href="https://kubernetes.io/docs/reference/using-api/server-side-apply/">the reference</see>.
/// </summary>
internal static class ServerSideApply
{
    private const string BeforeFirstApply = "before-first-apply";

    /// <summary>The object after a manifest was applied, with its <c>managedFields</c>.</summary>
    /// <param name="schema">The schema of the kind.</param>
    /// <param name="live">The live object; null if it does not exist.</param>
    /// <param name="applied">The manifest.</param>
    /// <param name="owner">The owner of the applied fields.</param>
    /// <param name="force">Whether to take over the fields of other managers.</param>
    /// <param name="time">The time; RFC 3339.</param>
    /// <exception cref="StatusException">Conflicts: other managers own fields that the manifest changes.</exception>
    public static JsonObject Apply(
        StructuralSchema schema, JsonObject? live, JsonObject applied, FieldOwner owner, bool force, string time)
    {
        var entries = Known(schema, live);
        var last = entries.FirstOrDefault(entry => entry.Owner == owner);
        var others = entries.Where(entry => entry.Owner != owner).ToList();

        var wanted = ManagedFields.Tracked(Fields.Of(applied, schema));
        var merged = (JsonObject)Merge.Onto(live ?? [], applied, schema)!;
        var (changed, _) = Fields.Compare(live ?? [], merged, schema);
        var conflicts = others
            .Select(entry => (entry.Owner, Fields: entry.Fields.Intersection(changed)))
            .Where(conflict => !conflict.Fields.IsEmpty)
            .ToList();
        if (conflicts.Count > 0 && !force)
        {
            throw Conflict([.. conflicts.SelectMany(conflict => conflict.Fields.Paths().Select(path => (conflict.Owner.Shown, path)))]);
        }

        var owned = others.Aggregate(Fields.Of(applied, schema), (all, entry) => all.Union(entry.Fields));
        var dropped = Members(last?.Fields ?? FieldSet.Empty).Difference(Members(owned));
        var result = (JsonObject)Merge.Remove(merged, schema, FieldSet.Of(dropped.Children), owned, out _)!;

        var (_, removed) = Fields.Compare(merged, result, schema);
        var remaining = others.Select(entry => entry with { Fields = entry.Fields.Difference(changed).Without(removed) });
        var mine = new FieldManagerEntry(owner, last is not null && last.Fields.Same(wanted) ? last.Time : time, wanted);
        ManagedFields.Write(result, remaining.Append(mine));
        return result;
    }

    // The fields of an object without managers belong to "before-first-apply".
    private static IReadOnlyList<FieldManagerEntry> Known(StructuralSchema schema, JsonObject? live)
    {
        var entries = ManagedFields.Read(live);
        return live is null || entries.Count > 0
            ? entries
            : [new FieldManagerEntry(
                new FieldOwner(BeforeFirstApply, FieldOwner.Update, live.Text("apiVersion") ?? "", ""),
                live.Text("metadata", "creationTimestamp"),
                ManagedFields.Tracked(Fields.Of(live, schema)))];
    }

    // The owner of a field owns its parents.
    private static FieldSet Members(FieldSet fields) => fields.IsEmpty
        ? fields
        : FieldSet.Of(fields.Children.Select(child => KeyValuePair.Create(child.Key, Members(child.Value))), isMember: true);

    private static StatusException Conflict(IReadOnlyList<(string Owner, string Path)> conflicts)
    {
        var message = conflicts.Count == 1
            ? $"1 conflict: conflict with {conflicts[0].Owner}: {conflicts[0].Path}"
            : $"{conflicts.Count} conflicts: " + string.Join('\n', conflicts
                .GroupBy(conflict => conflict.Owner)
                .Select(group => $"conflicts with {group.Key}:\n{string.Join('\n', group.Select(conflict => $"- {conflict.Path}"))}"));
        return new StatusException(409, "Conflict", $"Apply failed with {message}", new JsonObject
        {
            ["causes"] = new JsonArray([.. conflicts.Select(conflict => new JsonObject
            {
                ["reason"] = "FieldManagerConflict",
                ["message"] = $"conflict with {conflict.Owner}",
                ["field"] = conflict.Path,
            })]),
        });
    }
}

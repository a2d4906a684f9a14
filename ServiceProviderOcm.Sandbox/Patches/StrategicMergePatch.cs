using System.Text.Json.Nodes;
using ServiceProviderOcm.Sandbox.Errors;
using ServiceProviderOcm.Sandbox.Json;
using ServiceProviderOcm.Sandbox.Schema;

namespace ServiceProviderOcm.Sandbox.Patches;

/// <summary>
/// What kubectl sends for built-in kinds: merge patch that knows lists by their items' keys, and the directives for more, see
/// <see href="https://github.com/kubernetes/community/blob/master/contributors/devel/sig-api-machinery/strategic-merge-patch.md">there</see>.
/// </summary>
internal static class StrategicMergePatch
{
    private const string Directive = "$patch";
    private const string RetainKeys = "$retainKeys";
    private const string DeleteValues = "$deleteFromPrimitiveList/";
    private const string Order = "$setElementOrder/";

    /// <summary>The object with a patch applied; neither is changed.</summary>
    /// <param name="target">The object.</param>
    /// <param name="patch">The patch.</param>
    /// <param name="schema">What is known of the kind: lists of type <c>map</c> and <c>set</c> are merged, others replaced.</param>
    /// <exception cref="StatusException">A directive makes no sense.</exception>
    public static JsonObject Apply(JsonObject? target, JsonObject patch, StructuralSchema schema)
    {
        switch (patch.Text(Directive))
        {
            case "replace":
                return Plain(patch);
            case "delete":
                return [];
            case { } unknown and not "merge":
                throw Refusals.BadRequest($"unknown {Directive} directive \"{unknown}\"");
        }

        var result = target?.Copy() ?? [];
        if (patch[RetainKeys] is JsonArray retained)
        {
            Retain(result, patch, [.. retained.Select(key => key.Text() ?? "")]);
        }

        foreach (var (list, unwanted) in Directed(patch, DeleteValues))
        {
            var gone = unwanted as JsonArray ?? [];
            var left = Items(result[list]).Where(item => !gone.Any(other => Nodes.Same(item, other)));
            result[list] = new JsonArray([.. left.Select(Copy)]);
        }

        foreach (var (name, change) in patch.Where(entry => !IsDirective(entry.Key)))
        {
            Set(result, name, change, schema.Field(name));
        }

        // A list that is merged without an order has that of its patch.
        foreach (var list in patch.Select(entry => entry.Key).Union(Directed(patch, Order).Select(entry => entry.Key)))
        {
            var field = schema.Field(list);
            var order = (patch[Order + list] ?? patch[list]) as JsonArray;
            if (result[list] is JsonArray items && field.ListType is "map" or "set" && order is not null)
            {
                result[list] = Sorted(items, order, Items(target?[list]), item => Identity(item, field));
            }
        }

        return result;
    }

    private static void Set(JsonObject result, string name, JsonNode? change, StructuralSchema schema)
    {
        switch (change)
        {
            case null:
                result.Remove(name);
                break;
            case JsonObject map:
                result[name] = Apply(result[name] as JsonObject, map, schema);
                break;
            case JsonArray list when schema.ListType == "map":
                result[name] = Merged(Items(result[name]), list, schema);
                break;
            case JsonArray list when schema.ListType == "set":
                result[name] = new JsonArray([.. Items(result[name]).Concat(list.Where(added =>
                    !Items(result[name]).Any(known => Nodes.Same(known, added)))).Select(Copy)]);
                break;
            default:
                result[name] = change.DeepClone();
                break;
        }
    }

    private static JsonArray Merged(IReadOnlyList<JsonNode?> old, JsonArray changes, StructuralSchema schema)
    {
        if (changes.Any(item => item.Text(Directive) == "replace"))
        {
            return new JsonArray([.. changes.Where(item => item.Text(Directive) is null).Select(Copy)]);
        }

        List<JsonNode?> merged = [.. old.Select(Copy)];
        foreach (var change in changes)
        {
            var key = Identity(change, schema) ?? throw Refusals.BadRequest(
                $"map: {change?.ToJsonString()} does not contain declared merge key: {schema.ListMapKeys[0]}");
            var index = merged.FindIndex(item => Identity(item, schema) == key);
            if (change.Text(Directive) == "delete")
            {
                merged.RemoveAll(item => Identity(item, schema) == key);
            }
            else if (index >= 0)
            {
                merged[index] = Apply(merged[index] as JsonObject, change!.AsObject(), schema.Items!);
            }
            else
            {
                merged.Add(Apply(null, change!.AsObject(), schema.Items!));
            }
        }

        return new JsonArray([.. merged]);
    }

    // The items that the order names in that order, the others where they were among them.
    private static JsonArray Sorted(
        JsonArray items, JsonArray order, IReadOnlyList<JsonNode?> before, Func<JsonNode?, string?> identity)
    {
        var wanted = order.Select(identity).ToList();
        var was = before.Select(identity).ToList();
        var named = new Queue<JsonNode?>(
            items.Where(item => wanted.Contains(identity(item))).OrderBy(item => wanted.IndexOf(identity(item))));
        var others = new Queue<JsonNode?>(items.Where(item => !wanted.Contains(identity(item))));
        var sorted = new JsonArray();
        while (named.Count + others.Count > 0)
        {
            var isOthersTurn = named.Count == 0
                || (others.Count > 0 && was.IndexOf(identity(others.Peek())) < was.IndexOf(identity(named.Peek())));
            sorted.Add(Copy((isOthersTurn ? others : named).Dequeue()));
        }

        return sorted;
    }

    private static void Retain(JsonObject result, JsonObject patch, HashSet<string> retained)
    {
        if (patch.Any(entry => entry.Value is not null && !IsDirective(entry.Key) && !retained.Contains(entry.Key)))
        {
            throw Refusals.BadRequest($"{RetainKeys} has to name every field that the patch sets");
        }

        foreach (var name in result.Select(entry => entry.Key).Except(retained).ToList())
        {
            result.Remove(name);
        }
    }

    private static JsonObject Plain(JsonObject patch) => new(patch
        .Where(entry => !IsDirective(entry.Key))
        .Select(entry => KeyValuePair.Create(entry.Key, Copy(entry.Value))));

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Directed(JsonObject patch, string prefix) => patch
        .Where(entry => entry.Key.StartsWith(prefix, StringComparison.Ordinal))
        .Select(entry => KeyValuePair.Create(entry.Key[prefix.Length..], entry.Value));

    // One key is enough here, also where server-side apply goes by several.
    private static string? Identity(JsonNode? item, StructuralSchema list) =>
        list.ListType == "map" ? (item as JsonObject)?[list.ListMapKeys[0]]?.ToJsonString() : item?.ToJsonString();

    private static bool IsDirective(string name) =>
        name is Directive or RetainKeys
        || name.StartsWith(DeleteValues, StringComparison.Ordinal)
        || name.StartsWith(Order, StringComparison.Ordinal);

    private static IReadOnlyList<JsonNode?> Items(JsonNode? list) => list is JsonArray items ? [.. items] : [];

    private static JsonNode? Copy(JsonNode? node) => node?.DeepClone();
}

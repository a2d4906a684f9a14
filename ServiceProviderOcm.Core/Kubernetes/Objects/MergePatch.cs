using System.Text.Json;
using System.Text.Json.Nodes;

namespace ServiceProviderOcm.Core.Kubernetes.Objects;

/// <summary>JSON merge patch (RFC 7386), without recursion on the stack.</summary>
public static class MergePatch
{
    // A node without options of its own asks its parent for them, and that one its parent, on the stack.
    private static readonly JsonNodeOptions Options = new() { PropertyNameCaseInsensitive = false };

    /// <summary>The target with the patch applied; neither is modified. A null in the patch removes the field.</summary>
    public static JsonNode? Apply(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject changes)
        {
            return Copy(patch);
        }

        var result = target is JsonObject ? (JsonObject)Copy(target)! : new JsonObject(Options);
        var pending = new Stack<(JsonObject Target, JsonObject Changes)>();
        pending.Push((result, changes));
        while (pending.TryPop(out var next))
        {
            foreach (var (name, change) in next.Changes)
            {
                switch (change)
                {
                    case null:
                        next.Target.Remove(name);
                        break;
                    case JsonObject inner:
                        pending.Push((ObjectAt(next.Target, name), inner));
                        break;
                    default:
                        next.Target[name] = Copy(change);
                        break;
                }
            }
        }

        return result;
    }

    private static JsonObject ObjectAt(JsonObject parent, string name)
    {
        if (parent[name] is JsonObject present)
        {
            return present;
        }

        var created = new JsonObject(Options);
        parent[name] = created;
        return created;
    }

    // JsonNode.DeepClone calls itself for each level, and for a value each parent.
    private static JsonNode? Copy(JsonNode? source)
    {
        var pending = new Stack<(JsonNode From, JsonNode To)>();
        var copy = Begin(source, pending);
        while (pending.TryPop(out var next))
        {
            if (next.From is JsonObject fields)
            {
                foreach (var (name, value) in fields)
                {
                    next.To[name] = Begin(value, pending);
                }
            }
            else
            {
                foreach (var item in next.From.AsArray())
                {
                    next.To.AsArray().Add(Begin(item, pending));
                }
            }
        }

        return copy;
    }

    private static JsonNode? Begin(JsonNode? source, Stack<(JsonNode From, JsonNode To)> pending)
    {
        if (source is null or JsonValue)
        {
            return source is JsonValue value ? JsonValue.Create(ElementOf(value), Options) : null;
        }

        JsonNode copy = source is JsonObject ? new JsonObject(Options) : new JsonArray(Options);
        pending.Push((source, copy));
        return copy;
    }

    private static JsonElement ElementOf(JsonValue value) =>
        value.TryGetValue(out JsonElement element) ? element.Clone() : value.ToElement();
}

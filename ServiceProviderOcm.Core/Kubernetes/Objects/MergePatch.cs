using System.Text.Json.Nodes;

namespace ServiceProviderOcm.Core.Kubernetes.Objects;

/// <summary>JSON merge patch (RFC 7386), without recursion on the stack.</summary>
public static class MergePatch
{
    /// <summary>The target with the patch applied; neither is modified. A null in the patch removes the field.</summary>
    public static JsonNode? Apply(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject changes)
        {
            return Copy(patch);
        }

        var result = target is JsonObject ? (JsonObject)Copy(target)! : [];
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

        var created = new JsonObject();
        parent[name] = created;
        return created;
    }

    // JsonNode.DeepClone calls itself for each level.
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
            return source?.DeepClone();
        }

        JsonNode copy = source is JsonObject ? new JsonObject() : new JsonArray();
        pending.Push((source, copy));
        return copy;
    }
}

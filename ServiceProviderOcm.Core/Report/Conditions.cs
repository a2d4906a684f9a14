using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Report;

/// <summary><c>status.conditions</c> of an object that other managers may add conditions to.</summary>
internal static class Conditions
{
    /// <summary>The conditions of an object with these in place. Those of other types stay as they are, and all keep their order.</summary>
    public static JsonArray Of(KubeObject owner, DateTimeOffset now, params IReadOnlyList<Condition> wanted)
    {
        var missing = wanted.ToDictionary(condition => condition.Type, condition => condition.ToJson(owner, now), StringComparer.Ordinal);
        var conditions = new JsonArray();
        foreach (var present in owner.Json.Items("status", "conditions").Where(item => item.ValueKind == JsonValueKind.Object))
        {
            if (present.Text("type") is { } type && wanted.Any(condition => condition.Type == type))
            {
                if (missing.Remove(type, out var replacement) && replacement is not null)
                {
                    conditions.Add((JsonNode)replacement);
                }
            }
            else
            {
                conditions.Add((JsonNode?)JsonObject.Create(present));
            }
        }

        foreach (var added in wanted.Select(condition => missing.GetValueOrDefault(condition.Type)).OfType<JsonObject>())
        {
            conditions.Add((JsonNode)added);
        }

        return conditions;
    }
}

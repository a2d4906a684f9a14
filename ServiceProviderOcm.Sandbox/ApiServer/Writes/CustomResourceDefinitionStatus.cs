using System.Text.Json.Nodes;
using ServiceProviderOcm.Sandbox.ApiServer.Json;

namespace ServiceProviderOcm.Sandbox.ApiServer.Writes;

/// <summary>The status of CustomResourceDefinitions, as the controllers of kube-apiserver write it.</summary>
internal static class CustomResourceDefinitionStatus
{
    private static readonly (string Field, string Reason)[] ConflictReasons =
    [
        ("plural", "PluralConflict"), ("singular", "SingularConflict"), ("kind", "KindConflict"), ("listKind", "ListKindConflict"),
    ];

    /// <summary>The definition with its status.</summary>
    /// <param name="definition">The definition.</param>
    /// <param name="others">The other definitions of its group.</param>
    /// <param name="time">Now; RFC 3339.</param>
    public static JsonObject Reconcile(JsonObject definition, IReadOnlyList<JsonObject> others, string time)
    {
        var reconciled = definition.Copy();
        var status = reconciled.Child("status");
        var names = definition.At("spec", "names");
        var conflict = Conflict(names, others);
        if (conflict is null)
        {
            status["acceptedNames"] = names?.DeepClone();
            Set(status, "NamesAccepted", "True", "NoConflicts", "no conflicts found", time);
            Set(status, "Established", "True", "InitialNamesAccepted", "the initial names have been accepted", time);
        }
        else
        {
            Set(status, "NamesAccepted", "False", conflict.Value.Reason, $"\"{conflict.Value.Name}\" is already in use", time);
            if (!HasCondition(status, "Established"))
            {
                Set(status, "Established", "False", "NotAccepted", "not all names are accepted", time);
            }
        }

        if (definition.Text("metadata", "deletionTimestamp") is not null)
        {
            Set(status, "Terminating", "True", "InstanceDeletionInProgress", "CustomResource deletion is in progress", time);
        }

        return reconciled;
    }

    private static (string Reason, string Name)? Conflict(JsonNode? names, IReadOnlyList<JsonObject> others)
    {
        foreach (var taken in others.Select(other => other.At("status", "acceptedNames")))
        {
            foreach (var (field, reason) in ConflictReasons)
            {
                var rivals = field is "plural" or "singular" ? ["plural", "singular"] : new[] { "kind", "listKind" };
                if (names.Text(field) is { Length: > 0 } name && rivals.Any(rival => taken.Text(rival) == name))
                {
                    return (reason, name);
                }
            }
        }

        return null;
    }

    private static bool HasCondition(JsonObject status, string type) =>
        status.Objects("conditions").Any(condition => condition.Text("type") == type);

    private static void Set(JsonObject status, string type, string value, string reason, string message, string time)
    {
        if (status["conditions"] is not JsonArray conditions)
        {
            status["conditions"] = conditions = [];
        }

        var condition = conditions.OfType<JsonObject>().FirstOrDefault(known => known.Text("type") == type);
        if (condition is null)
        {
            conditions.Add(condition = new JsonObject { ["type"] = type });
        }

        if (condition.Text("status") != value)
        {
            condition["lastTransitionTime"] = time;
        }

        condition["status"] = value;
        condition["reason"] = reason;
        condition["message"] = message;
    }
}

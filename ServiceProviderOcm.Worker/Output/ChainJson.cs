using System.Text.Json;
using ServiceProviderOcm.Core.Tools.Describe;

namespace ServiceProviderOcm.Worker.Output;

/// <summary>The content of <c>status NAMESPACE/NAME -o json</c> and <c>-o yaml</c>, of which docs/tools.md has the fields.</summary>
internal static class ChainJson
{
    /// <summary>Writes an OCM with all its objects as one object.</summary>
    public static void Write(Utf8JsonWriter json, OcmChain chain)
    {
        json.WriteStartObject();
        json.WritePropertyName("ocm");
        OcmJson.Write(json, chain.Ocm);
        json.WritePropertyName("rollout");
        StatusJson.Write(json, chain.Rollout);
        json.WriteArray("objects", chain.Objects, Write);
        json.WriteArray("events", chain.Events, Write);
        json.WriteArray("eventErrors", chain.EventErrors, (writer, error) => writer.WriteStringValue(error));
        json.WriteString("nextStep", chain.NextStep);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ChainObject each)
    {
        json.WriteStartObject();
        json.WriteString("cluster", each.Cluster);
        json.WriteString("apiVersion", each.Kind.ApiVersion);
        json.WriteString("kind", each.Kind.Kind);
        json.WriteString("namespace", each.Key.Namespace);
        json.WriteString("name", each.Key.Name);
        json.WriteString("presence", each.Presence.ToString());
        json.WriteString("error", each.Error);
        json.WriteString("phase", each.Phase);
        json.WriteString("revision", each.Revision);
        json.WriteTime("updated", each.UpdatedAt);
        json.WriteTime("created", each.CreatedAt);
        json.WritePropertyName("lastChange");
        Write(json, each.LastChange);
        json.WriteBoolean("deleting", each.IsBeingDeleted);
        json.WriteArray("conditions", each.Conditions, Write);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ChainChange? change)
    {
        if (change is null)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartObject();
        json.WriteString("manager", change.Manager);
        json.WriteString("operation", change.Operation);
        json.WriteString("subresource", change.Subresource);
        json.WriteTime("time", change.Time);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ChainCondition condition)
    {
        json.WriteStartObject();
        json.WriteString("type", condition.Type);
        json.WriteString("status", condition.Status);
        json.WriteString("reason", condition.Reason);
        json.WriteString("message", condition.Message);
        json.WriteTime("since", condition.Since);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ChainEvent each)
    {
        json.WriteStartObject();
        json.WriteTime("time", each.Time);
        json.WriteString("type", each.Type);
        json.WriteString("reason", each.Reason);
        json.WriteString("regarding", each.Regarding);
        json.WriteString("message", each.Message);
        json.WriteEndObject();
    }
}

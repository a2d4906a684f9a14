using System.Text.Json;
using ServiceProviderOcm.Core.Tools.Status;

namespace ServiceProviderOcm.Worker.Output;

/// <summary>The content of <c>status -o json</c> and <c>-o yaml</c>, of which docs/tools.md has the fields. It contains no Secret data.</summary>
internal static class StatusJson
{
    /// <summary>Writes everything as one object.</summary>
    public static void Write(Utf8JsonWriter json, StatusView view)
    {
        json.WriteStartObject();
        json.WritePropertyName("rollout");
        Write(json, view.Rollout);
        json.WriteArray("ocms", view.Ocms, OcmJson.Write);
        json.WriteEndObject();
    }

    /// <summary>Writes a changed rollout, as an object that differs from that of an OCM.</summary>
    public static void WriteChange(Utf8JsonWriter json, RolloutSummary rollout)
    {
        json.WriteStartObject();
        json.WritePropertyName("rollout");
        Write(json, rollout);
        json.WriteEndObject();
    }

    /// <summary>Writes a rollout; null if it is not known.</summary>
    public static void Write(Utf8JsonWriter json, RolloutSummary? rollout)
    {
        if (rollout is null)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartObject();
        json.WriteString("providerConfig", rollout.ProviderConfig);
        json.WriteString("state", rollout.State.ToString());
        json.WriteString("reason", rollout.Reason);
        json.WriteString("message", rollout.Message);
        json.WriteTime("since", rollout.Since);
        json.WriteString("currentRevision", rollout.CurrentRevision);
        json.WriteString("updateRevision", rollout.UpdateRevision);
        json.WriteStartObject("ocms");
        json.WriteNumberOrNull("total", rollout.Ocms.Total);
        json.WriteNumberOrNull("ready", rollout.Ocms.Ready);
        json.WriteNumberOrNull("updated", rollout.Ocms.Updated);
        json.WriteNumberOrNull("unavailable", rollout.Ocms.Unavailable);
        json.WriteEndObject();
        json.WriteString("maxUnavailable", rollout.Settings.MaxUnavailable.ToString());
        json.WriteString("maxFailures", rollout.Settings.MaxFailures.ToString());
        WriteCanaries(json, rollout.Canaries);
        WriteFailed(json, rollout.Failed);
        json.WriteEndObject();
    }

    private static void WriteCanaries(Utf8JsonWriter json, CanaryCounts? canaries)
    {
        if (canaries is null)
        {
            json.WriteNull("canaries");
            return;
        }

        json.WriteStartObject("canaries");
        json.WriteNumber("total", canaries.Total);
        json.WriteNumber("updated", canaries.Updated);
        json.WriteBoolean("passed", canaries.HavePassed);
        json.WriteEndObject();
    }

    private static void WriteFailed(Utf8JsonWriter json, IReadOnlyList<FailedOcm>? failed)
    {
        if (failed is null)
        {
            json.WriteNull("failed");
            return;
        }

        json.WriteArray("failed", failed, Write);
    }

    private static void Write(Utf8JsonWriter json, FailedOcm ocm)
    {
        json.WriteStartObject();
        json.WriteString("namespace", ocm.Key.Namespace);
        json.WriteString("name", ocm.Key.Name);
        json.WriteBoolean("canary", ocm.IsCanary);
        json.WriteString("reason", ocm.Reason);
        json.WriteString("message", ocm.Message);
        json.WriteEndObject();
    }
}

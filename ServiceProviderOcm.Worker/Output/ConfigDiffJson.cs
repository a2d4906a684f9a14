using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Tools.Diff;

namespace ServiceProviderOcm.Worker.Output;

/// <summary>The content of <c>render --diff -o json</c>, of which docs/tools.md has the fields.</summary>
internal static class ConfigDiffJson
{
    /// <summary>Writes everything as one object.</summary>
    public static void Write(Utf8JsonWriter json, ConfigDiff diff)
    {
        json.WriteStartObject();
        json.WriteString("providerConfig", diff.To.Name);
        json.WriteString("fromRevision", diff.From.Revision);
        json.WriteString("toRevision", diff.To.Revision);
        json.WriteNumber("total", diff.Total);
        json.WriteNumber("unchanged", diff.Unchanged);
        json.WriteNumber("paused", diff.Paused);
        json.WriteNumber("notInstalled", diff.NotInstalled);
        json.WriteNumber("unreadable", diff.Unreadable);
        json.WriteArray("differences", diff.Differences, Write);
        json.WriteArray("errors", diff.Rejected, Write);
        WriteOcms(json, "unknown", diff.Unknown);
        WriteRollout(json, diff);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ConfigDifference difference)
    {
        json.WriteStartObject();
        json.WriteString("fromRevision", difference.FromRevision);
        json.WriteString("diff", string.Join('\n', difference.Text) + "\n");
        WriteOcms(json, "ocms", difference.Ocms);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, RejectedOcms rejected)
    {
        json.WriteStartObject();
        json.WriteString("reason", rejected.Reason);
        json.WriteString("message", rejected.Message);
        WriteOcms(json, "ocms", rejected.Ocms);
        json.WriteEndObject();
    }

    private static void WriteRollout(Utf8JsonWriter json, ConfigDiff diff)
    {
        json.WriteStartObject("rollout");
        json.WriteString("maxUnavailable", diff.To.Rollout.MaxUnavailable.ToString());
        json.WriteBoolean("paused", diff.Forecast.IsPaused);
        json.WriteArray("stages", diff.Forecast.Stages, Write);
        json.WriteNumber("notUpdated", diff.Forecast.Last.Outdated);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, RolloutStage stage)
    {
        json.WriteStartObject();
        json.WriteBoolean("canary", stage.IsCanary);
        WriteOcms(json, "ocms", stage.Ocms);
        json.WriteEndObject();
    }

    private static void WriteOcms(Utf8JsonWriter json, string name, IEnumerable<ObjectKey> ocms) =>
        json.WriteArray(name, ocms, (writer, ocm) => writer.WriteStringValue(ocm.ToString()));
}

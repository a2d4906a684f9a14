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
        WriteArray("differences", diff.Differences, difference =>
        {
            json.WriteString("fromRevision", difference.FromRevision);
            json.WriteString("diff", string.Join('\n', difference.Text) + "\n");
            WriteOcms("ocms", difference.Ocms);
        });
        WriteArray("errors", diff.Rejected, rejected =>
        {
            json.WriteString("reason", rejected.Reason);
            json.WriteString("message", rejected.Message);
            WriteOcms("ocms", rejected.Ocms);
        });
        WriteOcms("unknown", diff.Unknown);
        json.WriteStartObject("rollout");
        json.WriteString("maxUnavailable", diff.To.Rollout.MaxUnavailable.ToString());
        json.WriteBoolean("paused", diff.Forecast.IsPaused);
        WriteArray("stages", diff.Forecast.Stages, stage =>
        {
            json.WriteBoolean("canary", stage.IsCanary);
            WriteOcms("ocms", stage.Ocms);
        });
        json.WriteNumber("notUpdated", diff.Forecast.Last.Outdated);
        json.WriteEndObject();
        json.WriteEndObject();

        void WriteArray<T>(string name, IEnumerable<T> items, Action<T> write)
        {
            json.WriteStartArray(name);
            foreach (var item in items)
            {
                json.WriteStartObject();
                write(item);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        void WriteOcms(string name, IEnumerable<ObjectKey> ocms)
        {
            json.WriteStartArray(name);
            foreach (var ocm in ocms)
            {
                json.WriteStringValue(ocm.ToString());
            }

            json.WriteEndArray();
        }
    }
}

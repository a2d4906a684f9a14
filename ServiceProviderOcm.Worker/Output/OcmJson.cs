using System.Text.Json;
using ServiceProviderOcm.Core.Tools.Status;

namespace ServiceProviderOcm.Worker.Output;

/// <summary>OCMs as JSON.</summary>
internal static class OcmJson
{
    /// <summary>Writes an OCM as an object.</summary>
    public static void Write(Utf8JsonWriter json, OcmSummary ocm)
    {
        json.WriteStartObject();
        json.WriteString("namespace", ocm.Key.Namespace);
        json.WriteString("name", ocm.Key.Name);
        json.WriteString("version", ocm.Version);
        json.WriteString("revision", ocm.Revision);
        json.WriteString("phase", ocm.Phase);
        json.WriteBoolean("ready", ocm.IsReady);
        json.WriteString("reason", ocm.Reason);
        json.WriteString("message", ocm.Message);
        json.WriteTime("since", ocm.Since);
        json.WriteTime("created", ocm.CreatedAt);
        json.WriteString("tenantNamespace", ocm.TenantNamespace);
        json.WriteBooleanOrNull("updated", ocm.Update?.IsUpdated);
        json.WriteBooleanOrNull("canary", ocm.Update?.IsCanary);
        json.WriteBooleanOrNull("failed", ocm.Update?.HasFailed);
        json.WriteEndObject();
    }
}

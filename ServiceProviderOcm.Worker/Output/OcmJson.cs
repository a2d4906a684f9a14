using System.Text.Json;
using ServiceProviderOcm.Core.Tools.Status;

namespace ServiceProviderOcm.Worker.Output;

/// <summary>OCMs as JSON.</summary>
internal static class OcmJson
{
    /// <summary>An array, over several lines.</summary>
    public static string OfAll(IEnumerable<OcmSummary> ocms) => JsonText.OfArray(ocms, Write);

    /// <summary>One object, in one line.</summary>
    public static string OfOne(OcmSummary ocm) => JsonText.Of(json => Write(json, ocm), isIndented: false);

    private static void Write(Utf8JsonWriter json, OcmSummary ocm)
    {
        json.WriteStartObject();
        json.WriteString("namespace", ocm.Key.Namespace);
        json.WriteString("name", ocm.Key.Name);
        json.WriteString("version", ocm.Version);
        json.WriteString("phase", ocm.Phase);
        json.WriteBoolean("ready", ocm.IsReady);
        json.WriteString("reason", ocm.Reason);
        json.WriteString("message", ocm.Message);
        if (ocm.Since is { } since)
        {
            json.WriteString("since", since.UtcDateTime);
        }
        else
        {
            json.WriteNull("since");
        }

        json.WriteString("tenantNamespace", ocm.TenantNamespace);
        json.WriteEndObject();
    }
}

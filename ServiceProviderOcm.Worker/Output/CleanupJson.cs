using ServiceProviderOcm.Core.Tools.Cleanup;

namespace ServiceProviderOcm.Worker.Output;

/// <summary>Results of <c>cleanup</c> as JSON.</summary>
internal static class CleanupJson
{
    public static string Of(IReadOnlyList<CleanupResult> results) => JsonText.OfArray(results, (json, result) =>
    {
        json.WriteStartObject();
        json.WriteString("tenantNamespace", result.Tenant.Namespace);
        json.WriteString("namespace", result.Tenant.Ocm?.Namespace);
        json.WriteString("name", result.Tenant.Ocm?.Name);
        json.WriteString("result", result.Outcome.ToString());
        json.WriteString("message", result.Message);
        json.WriteStartArray("objects");
        foreach (var each in result.Tenant.Objects)
        {
            json.WriteStartObject();
            json.WriteString("apiVersion", each.Kind.ApiVersion);
            json.WriteString("kind", each.Kind.Kind);
            json.WriteString("name", each.Observed.Name);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });
}

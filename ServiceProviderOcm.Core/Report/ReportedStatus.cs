using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Report;

/// <summary>The status that an object has.</summary>
internal static class ReportedStatus
{
    /// <summary>Whether the status has all these fields with these values; an empty list may be missing.</summary>
    public static bool Has(KubeObject subject, JsonElement wanted) =>
        wanted.EnumerateObject().All(field => IsSame(field.Value, subject.Json.At("status", field.Name)));

    private static bool IsSame(JsonElement wanted, JsonElement? present) => present is { } there
        ? JsonElement.DeepEquals(wanted, there)
        : wanted.ValueKind == JsonValueKind.Array && wanted.GetArrayLength() == 0;
}

using System.Text.Json.Nodes;

namespace ServiceProviderOcm.Sandbox.ApiServer.Printing;

/// <summary>Reduces objects to their metadata.</summary>
internal static class PartialMetadata
{
    private const string ApiVersion = "meta.k8s.io/v1";

    /// <summary>The <c>PartialObjectMetadata</c> of an object.</summary>
    public static JsonObject Of(JsonObject subject) => new()
    {
        ["kind"] = "PartialObjectMetadata",
        ["apiVersion"] = ApiVersion,
        ["metadata"] = subject["metadata"]?.DeepClone(),
    };

    /// <summary>The <c>PartialObjectMetadataList</c> of objects.</summary>
    public static JsonObject OfList(IEnumerable<JsonObject> objects, JsonObject metadata) => new()
    {
        ["kind"] = "PartialObjectMetadataList",
        ["apiVersion"] = ApiVersion,
        ["metadata"] = metadata,
        ["items"] = new JsonArray([.. objects.Select(Of)]),
    };
}

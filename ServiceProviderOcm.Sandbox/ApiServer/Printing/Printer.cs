using System.Text.Json.Nodes;
using ServiceProviderOcm.Sandbox.ApiServer.Serving;

namespace ServiceProviderOcm.Sandbox.ApiServer.Printing;

/// <summary>Converts objects and lists to the representation that a client asks for.</summary>
/// <param name="representation">The representation.</param>
/// <param name="includeObject">In tables: <c>None</c>, <c>Metadata</c> or <c>Object</c>.</param>
internal sealed class Printer(Representation representation, string includeObject)
{
    /// <summary>Reads the <c>Accept</c> header of a request.</summary>
    /// <param name="accept">The header.</param>
    /// <param name="includeObject">The query parameter of this name; null: the default.</param>
    public static Printer For(string accept, string? includeObject) => new(
        accept.Contains("as=Table", StringComparison.Ordinal) ? Representation.Table
            : accept.Contains("as=PartialObjectMetadata", StringComparison.Ordinal) ? Representation.Metadata
            : Representation.Full,
        includeObject ?? "Metadata");

    public JsonObject Print(ServedKind kind, JsonObject subject, DateTimeOffset now) => representation switch
    {
        Representation.Table => Tables.Of(
            kind,
            [subject],
            new JsonObject { ["resourceVersion"] = subject["metadata"]?["resourceVersion"]?.DeepClone() },
            includeObject,
            now),
        Representation.Metadata => PartialMetadata.Of(subject),
        _ => subject,
    };

    /// <summary>A list.</summary>
    public JsonObject Print(ServedKind kind, IEnumerable<JsonObject> objects, JsonObject metadata, DateTimeOffset now) =>
        representation switch
        {
            Representation.Table => Tables.Of(kind, objects, metadata, includeObject, now),
            Representation.Metadata => PartialMetadata.OfList(objects, metadata),
            _ => new JsonObject
            {
                ["kind"] = kind.ListKind,
                ["apiVersion"] = kind.Kind.ApiVersion,
                ["metadata"] = metadata,
                ["items"] = new JsonArray([.. objects.Select(item => Item(kind, item))]),
            },
        };

    // Items in lists of built-in kinds have no kind and apiVersion of their own.
    private static JsonObject Item(ServedKind kind, JsonObject item)
    {
        if (!kind.IsCustom)
        {
            item.Remove("kind");
            item.Remove("apiVersion");
        }

        return item;
    }
}

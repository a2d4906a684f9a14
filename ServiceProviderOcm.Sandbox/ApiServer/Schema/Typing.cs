using System.Text.Json;
using System.Text.Json.Nodes;

namespace ServiceProviderOcm.Sandbox.ApiServer.Schema;

/// <summary>Checks whether values can be decoded into the types of a schema.</summary>
internal static class Typing
{
    /// <summary>A message about the first field that is not in the schema or has another type; null if there is none.</summary>
    public static string? FirstMismatch(JsonNode? value, StructuralSchema schema) => Find(value, schema, "");

    private static string? Find(JsonNode? value, StructuralSchema schema, string path)
    {
        var (isMap, isList, isText, isTruth, isNumber) = (
            value is JsonObject,
            value is JsonArray,
            value?.GetValueKind() == JsonValueKind.String,
            value?.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
            value?.GetValueKind() == JsonValueKind.Number);
        var fits = value is null || schema.Type switch
        {
            "object" => isMap,
            "array" => isList,
            "string" => isText,
            "boolean" => isTruth,
            "integer" or "number" => isNumber,
            _ => true,
        };
        if (!fits)
        {
            return $"{path}: expected {schema.Type}, got {value!.GetValueKind().ToString().ToLowerInvariant()}";
        }

        return value switch
        {
            JsonObject map => map.Select(entry => OfField(entry.Key, entry.Value, schema, $"{path}.{entry.Key}")).FirstOrDefault(IsFound),
            JsonArray list when schema.Items is { } items =>
                list.Select((item, index) => Find(item, items, $"{path}[{index}]")).FirstOrDefault(IsFound),
            _ => null,
        };
    }

    private static string? OfField(string name, JsonNode? value, StructuralSchema schema, string path) =>
        schema.Specified(name) is { } specified ? Find(value, specified, path)
        : schema.PreservesUnknownFields ? null
        : $"{path}: field not declared in schema";

    private static bool IsFound(string? mismatch) => mismatch is not null;
}

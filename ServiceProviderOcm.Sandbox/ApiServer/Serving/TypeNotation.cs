using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ServiceProviderOcm.Core.Objects;

namespace ServiceProviderOcm.Sandbox.ApiServer.Serving;

/// <summary>
/// Expands the short notation of <c>built-in.json</c> to structural schemas. A type is <c>string</c>, <c>integer</c>, <c>boolean</c>,
/// <c>any</c>, or the name of a type. <c>{}</c> after it makes a map of it, <c>[]</c> an atomic list, and <c>[key]</c> a list of type
/// <c>map</c> with this key. A field with <c>!</c> is required, and a type with <c>@atomic</c> is an atomic map.
/// </summary>
/// <param name="types">The fields of the named types.</param>
internal sealed partial class TypeNotation(JsonElement types)
{
    private const string Atomic = "@atomic";

    /// <summary>The schema of an object with some fields.</summary>
    public JsonObject Expand(JsonElement fields)
    {
        var schema = new JsonObject { ["type"] = "object" };
        var properties = new JsonObject();
        var required = new JsonArray();
        foreach (var field in fields.EnumerateObject())
        {
            if (field.Name == Atomic)
            {
                schema["x-kubernetes-map-type"] = "atomic";
                continue;
            }

            var name = field.Name.TrimEnd('!');
            properties[name] = field.Value.ValueKind == JsonValueKind.Object ? Expand(field.Value) : Expand(field.Value.GetString()!);
            if (name != field.Name)
            {
                required.Add(name);
            }
        }

        schema["properties"] = properties;
        if (required.Count > 0)
        {
            schema["required"] = required;
        }

        return schema;
    }

    private JsonObject Expand(string notation)
    {
        var parts = Notation().Match(notation) is { Success: true } match
            ? match.Groups
            : throw new FormatException($"\"{notation}\" is no type");
        var schema = Of(parts["base"].Value);
        foreach (Capture suffix in parts["suffix"].Captures)
        {
            schema = suffix.Value == "{}"
                ? new JsonObject { ["type"] = "object", ["additionalProperties"] = schema }
                : List(schema, suffix.Value[1..^1]);
        }

        return schema;
    }

    private static JsonObject List(JsonObject items, string key)
    {
        var list = new JsonObject { ["type"] = "array", ["items"] = items };
        if (key.Length > 0)
        {
            list["x-kubernetes-list-type"] = "map";
            list["x-kubernetes-list-map-keys"] = new JsonArray(key);
        }

        return list;
    }

    private JsonObject Of(string name) => name switch
    {
        "string" or "integer" or "boolean" => new JsonObject { ["type"] = name },
        "any" => new JsonObject { ["x-kubernetes-preserve-unknown-fields"] = true },
        _ => Expand(types.At(name) ?? throw new FormatException($"there is no type {name}")),
    };

    [GeneratedRegex(@"^(?<base>\w+)(?<suffix>\{\}|\[\w*\])*\z")]
    private static partial Regex Notation();
}

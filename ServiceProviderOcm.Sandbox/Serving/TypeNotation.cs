using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Sandbox.Json;

namespace ServiceProviderOcm.Sandbox.Serving;

/// <summary>
/// Writes out the short notation of <c>types.json</c> as structural schemas. A type is <c>string</c>, <c>integer</c>, <c>boolean</c>,
/// <c>intOrString</c>, <c>any</c>, values such as <c>A|B</c>, or one by name. After it come <c>{}</c> for a map, <c>[]</c> for a list,
/// <c>[set]</c> or <c>[key,…]</c> for lists whose items have owners of their own, and <c>= value</c> for a default. A field with
/// <c>!</c> is required, and a type with <c>@atomic</c> has one owner as a whole.
/// </summary>
/// <param name="types">The types by name: their fields.</param>
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

        if (parts["default"] is { Success: true } standard)
        {
            schema["default"] = Nodes.Parse(standard.Value);
        }

        return schema;
    }

    private static JsonObject List(JsonObject items, string keys)
    {
        var list = new JsonObject { ["type"] = "array", ["items"] = items };
        if (keys.Length > 0)
        {
            list["x-kubernetes-list-type"] = keys == "set" ? "set" : "map";
        }

        if (keys is not ("" or "set"))
        {
            list["x-kubernetes-list-map-keys"] = new JsonArray([.. keys.Split(',')]);
        }

        return list;
    }

    private JsonObject Of(string name) => name switch
    {
        "string" or "integer" or "boolean" => new JsonObject { ["type"] = name },
        "intOrString" => new JsonObject { ["x-kubernetes-int-or-string"] = true },
        "any" => new JsonObject { ["x-kubernetes-preserve-unknown-fields"] = true },
        _ when name.Contains('|', StringComparison.Ordinal) =>
            new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. name.Split('|')]) },
        _ => Expand(types.At(name) ?? throw new FormatException($"there is no type {name}")),
    };

    [GeneratedRegex(@"^(?<base>[\w|/-]+)(?<suffix>\{\}|\[[\w,]*\])*(\s*=\s*(?<default>.+))?\z")]
    private static partial Regex Notation();
}

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Sandbox.ApiServer.Errors;
using ServiceProviderOcm.Sandbox.ApiServer.Json;

namespace ServiceProviderOcm.Sandbox.ApiServer.Schema;

/// <summary>
/// Validates values against a schema. <c>x-kubernetes-validations</c>, <c>allOf</c>, <c>anyOf</c>, <c>oneOf</c>, <c>not</c> and all
/// formats but <c>date-time</c> are ignored.
/// </summary>
internal static class Validation
{
    public static IReadOnlyList<FieldError> Validate(JsonNode? value, StructuralSchema schema)
    {
        List<FieldError> errors = [];
        Validate(value, schema, "", errors);
        return errors;
    }

    private static void Validate(JsonNode? value, StructuralSchema schema, string path, List<FieldError> errors)
    {
        if (value is null && schema.Nullable)
        {
            return;
        }

        if (!IsOfType(value, schema))
        {
            var found = TypeOf(value);
            errors.Add(new FieldError(
                FieldErrorType.TypeInvalid,
                Shown(path),
                $"\"{found}\"",
                $"{Shown(path)} in body must be of type {schema.Type}: \"{found}\""));
            return;
        }

        Enumeration(value, schema, path, errors);
        switch (value)
        {
            case JsonObject map:
                Map(map, schema, path, errors);
                break;
            case JsonArray list:
                List(list, schema, path, errors);
                break;
            case JsonValue when value.GetValueKind() == JsonValueKind.String:
                String(value.Text()!, schema, path, errors);
                break;
            case JsonValue when value.GetValueKind() == JsonValueKind.Number:
                Number(value, schema, path, errors);
                break;
        }
    }

    private static void Map(JsonObject map, StructuralSchema schema, string path, List<FieldError> errors)
    {
        foreach (var name in schema.Rules.Items("required").Select(name => name.GetString()!).Where(name => !map.ContainsKey(name)))
        {
            errors.Add(FieldError.Required(Join(path, name)));
        }

        foreach (var (name, child) in map)
        {
            var known = schema.Properties.TryGetValue(name, out var field);
            Validate(child, known ? field! : schema.AdditionalProperties ?? StructuralSchema.Anything, Join(path, name), errors);
        }
    }

    private static void List(JsonArray list, StructuralSchema schema, string path, List<FieldError> errors)
    {
        if (schema.Rules.Number("maxItems") is { } most && list.Count > most)
        {
            errors.Add(new FieldError(
                FieldErrorType.TooMany, path, list.Count.ToString(CultureInfo.InvariantCulture), $"must have at most {most} items"));
        }

        if (schema.Rules.Number("minItems") is { } least && list.Count < least)
        {
            errors.Add(FieldError.Invalid(path, list.Count, $"{path} in body should have at least {least} items"));
        }

        HashSet<string> seen = [];
        for (var index = 0; index < list.Count; index++)
        {
            Validate(list[index], schema.Items ?? StructuralSchema.Anything, $"{path}[{index}]", errors);
            var identity = schema.ListType switch
            {
                "set" => list[index]?.ToJsonString(),
                "map" when list[index] is JsonObject item =>
                    string.Join(',', schema.ListMapKeys.Select(key => $"{JsonSerializer.Serialize(key)}:{item[key]?.ToJsonString()}")),
                _ => null,
            };
            if (identity is not null && !seen.Add(identity))
            {
                var shown = schema.ListType == "map" ? $"map[string]interface {{}}{{{identity}}}" : identity;
                errors.Add(new FieldError(FieldErrorType.Duplicate, $"{path}[{index}]", shown, ""));
            }
        }
    }

    private static void String(string text, StructuralSchema schema, string path, List<FieldError> errors)
    {
        var length = new StringInfo(text).LengthInTextElements;
        if (schema.Rules.Number("maxLength") is { } most && length > most)
        {
            errors.Add(new FieldError(FieldErrorType.TooLong, path, null, $"may not be longer than {most}"));
        }

        if (schema.Rules.Number("minLength") is { } least && length < least)
        {
            errors.Add(FieldError.Invalid(path, text, $"{path} in body should be at least {least} chars long"));
        }

        if (schema.Pattern is { } pattern && !pattern.IsMatch(text))
        {
            errors.Add(FieldError.Invalid(path, text, $"{path} in body should match '{pattern}'"));
        }

        if (schema.Rules.Text("format") == "date-time" && !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _))
        {
            errors.Add(FieldError.Invalid(path, text, $"{path} in body must be of type date-time: \"{text}\""));
        }
    }

    private static void Number(JsonNode value, StructuralSchema schema, string path, List<FieldError> errors)
    {
        var number = double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture);
        if (Bound("minimum") is { } least && number < least)
        {
            errors.Add(FieldError.Invalid(path, value, $"{path} in body should be greater than or equal to {least}"));
        }

        if (Bound("maximum") is { } most && number > most)
        {
            errors.Add(FieldError.Invalid(path, value, $"{path} in body should be less than or equal to {most}"));
        }

        double? Bound(string name) => schema.Rules.At(name) is { ValueKind: JsonValueKind.Number } bound ? bound.GetDouble() : null;
    }

    private static void Enumeration(JsonNode? value, StructuralSchema schema, string path, List<FieldError> errors)
    {
        if (schema.Rules.At("enum") is { ValueKind: JsonValueKind.Array } allowed
            && !allowed.EnumerateArray().Any(one => Nodes.Same(Nodes.Parse(one.GetRawText()), value)))
        {
            errors.Add(new FieldError(
                FieldErrorType.NotSupported,
                path,
                value?.ToJsonString(JsonText.Options) ?? "null",
                $"supported values: {string.Join(", ", allowed.EnumerateArray().Select(one => one.GetRawText()))}"));
        }
    }

    private static bool IsOfType(JsonNode? value, StructuralSchema schema)
    {
        var type = TypeOf(value);
        return schema.Type is null || schema.Type == type || (schema.Type == "number" && type == "integer");
    }

    private static string TypeOf(JsonNode? value) => value?.GetValueKind() switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.Number => decimal.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && number == decimal.Truncate(number) ? "integer" : "number",
        _ => "null",
    };

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    private static string Shown(string path) => path.Length == 0 ? "<nil>" : path;
}

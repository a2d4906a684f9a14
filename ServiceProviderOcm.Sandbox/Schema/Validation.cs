using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Sandbox.Errors;
using ServiceProviderOcm.Sandbox.Json;

namespace ServiceProviderOcm.Sandbox.Schema;

/// <summary>
/// Holds values against a schema. <c>x-kubernetes-validations</c> do not count, and of the formats only <c>date-time</c> does.
/// </summary>
internal static class Validation
{
    /// <summary>Everything that is wrong with a value.</summary>
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
            var wanted = schema.IsIntOrString ? "integer,string" : schema.Type;
            var found = TypeOf(value);
            errors.Add(new FieldError(
                FieldErrorType.TypeInvalid, Shown(path), $"\"{found}\"", $"{Shown(path)} in body must be of type {wanted}: \"{found}\""));
            return;
        }

        Enumeration(value, schema, path, errors);
        Combinations(value, schema, path, errors);
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

        Limit(map.Count, schema, "minProperties", "maxProperties", "properties", path, errors);
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

        Limit(list.Count, schema, "minItems", "", "items", path, errors);
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

        if (schema.Rules.Text("pattern") is { } pattern && !Regex.IsMatch(text, pattern, RegexOptions.CultureInvariant))
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
        if (Bound("minimum") is { } least && (Is("exclusiveMinimum") ? number <= least : number < least))
        {
            errors.Add(FieldError.Invalid(path, value, $"{path} in body should be greater than {OrEqual("exclusiveMinimum")}{least}"));
        }

        if (Bound("maximum") is { } most && (Is("exclusiveMaximum") ? number >= most : number > most))
        {
            errors.Add(FieldError.Invalid(path, value, $"{path} in body should be less than {OrEqual("exclusiveMaximum")}{most}"));
        }

        if (Bound("multipleOf") is { } step && step > 0 && number % step != 0)
        {
            errors.Add(FieldError.Invalid(path, value, $"{path} in body should be a multiple of {step}"));
        }

        double? Bound(string name) => schema.Rules.At(name) is { ValueKind: JsonValueKind.Number } bound ? bound.GetDouble() : null;

        bool Is(string name) => schema.Rules.At(name) is { ValueKind: JsonValueKind.True };

        string OrEqual(string exclusive) => Is(exclusive) ? "" : "or equal to ";
    }

    private static void Enumeration(JsonNode? value, StructuralSchema schema, string path, List<FieldError> errors)
    {
        if (schema.Rules.At("enum") is { ValueKind: JsonValueKind.Array } allowed
            && !allowed.EnumerateArray().Any(one => Nodes.Same(Nodes.Parse(one.GetRawText()), value)))
        {
            errors.Add(new FieldError(
                FieldErrorType.NotSupported,
                path,
                value?.ToJsonString(FieldError.Plain) ?? "null",
                $"supported values: {string.Join(", ", allowed.EnumerateArray().Select(one => one.GetRawText()))}"));
        }
    }

    private static void Combinations(JsonNode? value, StructuralSchema schema, string path, List<FieldError> errors)
    {
        foreach (var part in schema.Rules.Items("allOf"))
        {
            Validate(value, StructuralSchema.Parse(part), path, errors);
        }

        if (!schema.IsIntOrString && schema.Rules.Items("anyOf").Any() && Fitting("anyOf") == 0)
        {
            errors.Add(FieldError.Invalid(path, value, $"{path} in body must validate at least one schema (anyOf)"));
        }

        if (schema.Rules.Items("oneOf").Any() && Fitting("oneOf") != 1)
        {
            errors.Add(FieldError.Invalid(path, value, $"{path} in body must validate one and only one schema (oneOf)"));
        }

        if (schema.Rules.At("not") is { } not && Validate(value, StructuralSchema.Parse(not)).Count == 0)
        {
            errors.Add(FieldError.Invalid(path, value, $"{path} in body must not validate the schema (not)"));
        }

        int Fitting(string keyword) => schema.Rules.Items(keyword).Count(part => Validate(value, StructuralSchema.Parse(part)).Count == 0);
    }

    private static void Limit(
        int count, StructuralSchema schema, string least, string most, string what, string path, List<FieldError> errors)
    {
        if (schema.Rules.Number(least) is { } minimum && count < minimum)
        {
            errors.Add(FieldError.Invalid(path, count, $"{path} in body should have at least {minimum} {what}"));
        }

        if (schema.Rules.Number(most) is { } maximum && count > maximum)
        {
            errors.Add(FieldError.Invalid(path, count, $"{path} in body should have at most {maximum} {what}"));
        }
    }

    private static bool IsOfType(JsonNode? value, StructuralSchema schema)
    {
        var type = TypeOf(value);
        return schema.IsIntOrString ? type is "integer" or "string"
            : value is null ? schema.Type is null
            : schema.Type is null || schema.Type == type || (schema.Type == "number" && type == "integer");
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

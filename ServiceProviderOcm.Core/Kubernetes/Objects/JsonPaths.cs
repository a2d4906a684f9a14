using System.Text;
using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Text;

namespace ServiceProviderOcm.Core.Kubernetes.Objects;

/// <summary>Walks into JSON without throwing: what is not there, or is of another type, is null.</summary>
public static class JsonPaths
{
    /// <summary>The value at a path of property names, or null where any step is missing or JSON null.</summary>
    public static JsonElement? At(this JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (var step in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(step, out element))
            {
                return null;
            }
        }

        return element.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined ? null : element;
    }

    /// <summary>The string at a path, or null where there is none.</summary>
    public static string? Text(this JsonElement element, params ReadOnlySpan<string> path) =>
        element.At(path) is { ValueKind: JsonValueKind.String } text ? TextOf(text) : null;

    /// <summary>The whole number at a path, or null where there is none.</summary>
    public static long? Number(this JsonElement element, params ReadOnlySpan<string> path) =>
        element.At(path) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var value) ? value : null;

    /// <summary>The RFC 3339 moment at a path, or null where there is none.</summary>
    public static DateTimeOffset? Moment(this JsonElement element, params ReadOnlySpan<string> path) =>
        element.At(path) is { ValueKind: JsonValueKind.String } text && text.TryGetDateTimeOffset(out var moment) ? moment : null;

    /// <summary>The elements of the array at a path; empty where there is none.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement element, params ReadOnlySpan<string> path) =>
        element.At(path) is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray() : [];

    /// <summary>The string properties of the object at a path; empty where there is none.</summary>
    public static IReadOnlyDictionary<string, string> TextMap(this JsonElement element, params ReadOnlySpan<string> path)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        if (element.At(path) is { ValueKind: JsonValueKind.Object } map)
        {
            foreach (var entry in map.EnumerateObject().Where(entry => entry.Value.ValueKind == JsonValueKind.String))
            {
                texts[NameOf(entry)] = TextOf(entry.Value);
            }
        }

        return texts;
    }

    private static string NameOf(JsonProperty entry)
    {
        try
        {
            return entry.Name;
        }
        catch (InvalidOperationException)
        {
            return Repaired($"{{{entry}}}").EnumerateObject().Single().Name;
        }
    }

    // Strings with half of a surrogate pair can be parsed, but not be used.
    private static string TextOf(JsonElement text)
    {
        try
        {
            return text.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return Repaired(text.GetRawText()).GetString()!;
        }
    }

    private static JsonElement Repaired(string json)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        LoneSurrogates.Replace(bytes);
        return JsonReading.Parse(bytes);
    }
}

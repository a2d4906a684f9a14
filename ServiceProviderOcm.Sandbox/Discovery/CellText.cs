using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ServiceProviderOcm.Sandbox.Discovery;

/// <summary>
/// The contents of cells that say more than one field: text with <c>{path}</c>, of several <c>{path,path}</c> the first that is there,
/// <c>{path=otherwise}</c>, <c>{#path}</c> for a number of items, and <c>{~path}</c> for lower case. Where a path has many values,
/// there is a text for each.
/// </summary>
internal static partial class CellText
{
    /// <summary>The text for an object; null where nothing of it is there.</summary>
    public static string? Render(string template, JsonElement subject)
    {
        var parts = Placeholder().Matches(template)
            .DistinctBy(part => part.Value)
            .ToDictionary(part => part.Value, part => Values(part.Groups, subject));
        var count = parts.Values.Max(values => values.Count);
        var texts = Enumerable.Range(0, count).Select(index => Placeholder().Replace(
            template, part => parts[part.Value] is { Count: > 0 } values ? values[Math.Min(index, values.Count - 1)] : ""));
        return count == 0 ? null : string.Join(',', texts);
    }

    private static List<string> Values(GroupCollection part, JsonElement subject)
    {
        var found = part["path"].Value.Split(',').Select(path => JsonPath.FindAll(subject, path).ToList()).ToList();
        if (part["count"].Success)
        {
            var isFiltered = part["path"].Value.EndsWith(']');
            return [found.Sum(values => isFiltered ? values.Count : values.Sum(Count)).ToString(CultureInfo.InvariantCulture)];
        }

        var shown = (found.Find(values => values.Exists(HasValue)) ?? []).ConvertAll(
            value => part["lower"].Success ? Show(value).ToLowerInvariant() : Show(value));
        return shown.Count > 0 || !part["otherwise"].Success ? shown : [part["otherwise"].Value];
    }

    private static bool HasValue(JsonElement value) => value.ValueKind != JsonValueKind.Null;

    private static int Count(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => value.GetArrayLength(),
        JsonValueKind.Object => value.EnumerateObject().Count(),
        _ => 0,
    };

    private static string Show(JsonElement value) => value.ValueKind == JsonValueKind.Object
        ? string.Join(',', value.EnumerateObject().Select(entry => $"{entry.Name}={entry.Value}"))
        : value.ToString();

    [GeneratedRegex(@"\{(?<count>#)?(?<lower>~)?(?<path>[^}=]+(?:\[\?[^\]]*\][^}=]*)*)(?:=(?<otherwise>[^}]*))?\}")]
    private static partial Regex Placeholder();
}

using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Sandbox.ApiServer.Json;

namespace ServiceProviderOcm.Sandbox.ApiServer.Printing;

/// <summary>
/// The JSON paths of printer columns: names, indices, and filters such as <c>[?(@.type=="Ready")]</c>.
/// </summary>
internal static class JsonPath
{
    private static readonly Regex Step = LinearRegex.Of(
        """\.(?<name>(?:\\\.|[^.\[\]])+)|\[(?<index>[0-9]+)\]|\[\?\(@\.(?<key>\w+)\s*==\s*["']?(?<value>[^"')]*)["']?\)\]""");

    /// <summary>The first value at a path; null if there is none.</summary>
    public static JsonElement? Find(JsonElement value, string path)
    {
        IEnumerable<JsonElement> found = [value];
        foreach (Match step in Step.Matches(path))
        {
            found = found.SelectMany(at => Follow(at, step.Groups)).ToList();
        }

        return found.Select(match => (JsonElement?)match).FirstOrDefault();
    }

    private static IEnumerable<JsonElement> Follow(JsonElement at, GroupCollection step)
    {
        if (step["index"].Success)
        {
            return at.Items().Skip(int.Parse(step["index"].Value, CultureInfo.InvariantCulture)).Take(1);
        }

        if (step["key"].Success)
        {
            return at.Items().Where(item => item.At(step["key"].Value) is { } value
                && (value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText()) == step["value"].Value);
        }

        var name = step["name"].Value.Replace("\\.", ".", StringComparison.Ordinal);
        return at.At(name) is { } child ? [child] : [];
    }
}

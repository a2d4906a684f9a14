using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using ServiceProviderOcm.Core.Objects;

namespace ServiceProviderOcm.Sandbox.Discovery;

/// <summary>The JSON paths of printer columns: names, indices, and filters such as <c>[?(@.type=="Ready")]</c>.</summary>
internal static partial class JsonPath
{
    /// <summary>The first value at a path; null where there is none.</summary>
    public static JsonElement? Find(JsonElement value, string path)
    {
        JsonElement? found = value;
        foreach (Match step in Step().Matches(path))
        {
            if (found is not { } at)
            {
                return null;
            }

            found = step.Groups["name"] is { Success: true } name ? at.At(name.Value.Replace("\\.", ".", StringComparison.Ordinal))
                : step.Groups["quoted"] is { Success: true } quoted ? at.At(quoted.Value)
                : step.Groups["index"] is { Success: true } index
                    ? First(at.Items().Skip(int.Parse(index.Value, CultureInfo.InvariantCulture)))
                : First(at.Items().Where(item => item.Text(step.Groups["key"].Value) == step.Groups["value"].Value));
        }

        return found;
    }

    private static JsonElement? First(IEnumerable<JsonElement> items) => items.Select(item => (JsonElement?)item).FirstOrDefault();

    [GeneratedRegex("""\.(?<name>(?:\\\.|[^.\[\]])+)|\['(?<quoted>[^']+)'\]|\[(?<index>\d+)\]|\[\?\(@\.(?<key>\w+)\s*==\s*["'](?<value>[^"']*)["']\)\]""")]
    private static partial Regex Step();
}

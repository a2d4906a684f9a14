using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Sandbox.Discovery;

/// <summary>
/// The JSON paths of printer columns: names, indices, <c>[*]</c>, and filters such as <c>[?(@.type=="Ready")]</c>.
/// </summary>
internal static partial class JsonPath
{
    /// <summary>The first value at a path; null where there is none.</summary>
    public static JsonElement? Find(JsonElement value, string path) =>
        FindAll(value, path).Select(found => (JsonElement?)found).FirstOrDefault();

    /// <summary>All values at a path.</summary>
    public static IEnumerable<JsonElement> FindAll(JsonElement value, string path)
    {
        IEnumerable<JsonElement> found = [value];
        foreach (Match step in Step().Matches(path))
        {
            found = found.SelectMany(at => Follow(at, step.Groups)).ToList();
        }

        return found;
    }

    private static IEnumerable<JsonElement> Follow(JsonElement at, GroupCollection step)
    {
        if (step["index"].Success)
        {
            return at.Items().Skip(int.Parse(step["index"].Value, CultureInfo.InvariantCulture)).Take(1);
        }

        if (step["all"].Success)
        {
            return at.Items();
        }

        if (step["key"].Success)
        {
            return at.Items().Where(item => item.At(step["key"].Value) is { } value
                && (value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText()) == step["value"].Value);
        }

        var name = step["quoted"].Success ? step["quoted"].Value : step["name"].Value.Replace("\\.", ".", StringComparison.Ordinal);
        return at.At(name) is { } child ? [child] : [];
    }

    [GeneratedRegex("""\.(?<name>(?:\\\.|[^.\[\]])+)|\['(?<quoted>[^']+)'\]|\[(?<index>\d+)\]|\[(?<all>\*)\]|\[\?\(@\.(?<key>\w+)\s*==\s*["']?(?<value>[^"')]*)["']?\)\]""")]
    private static partial Regex Step();
}

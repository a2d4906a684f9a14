using System.Text.RegularExpressions;
using ServiceProviderOcm.Sandbox.ApiServer.Errors;
using ServiceProviderOcm.Sandbox.ApiServer.Json;

namespace ServiceProviderOcm.Sandbox.ApiServer.Selection;

/// <summary>A label selector: <c>a=b,c!=d,e in (f,g),h notin (i),j,!k</c>, all of which must hold.</summary>
internal sealed class LabelSelector
{
    private static readonly Regex Set = LinearRegex.Of(@"^(?<key>[\w./-]+)\s+(?<op>in|notin)\s*\((?<values>[^()]*)\)\z");
    private static readonly Regex Equality = LinearRegex.Of(@"^(?<key>[\w./-]+)\s*(?<op>==|!=|=)\s*(?<value>[\w.-]*)\z");
    private static readonly Regex Existence = LinearRegex.Of(@"^(?<not>!?)\s*(?<key>[\w./-]+)\z");

    private readonly List<Predicate<IReadOnlyDictionary<string, string>>> _requirements = [];

    private LabelSelector()
    {
    }

    /// <summary>Reads a selector; an empty one selects everything.</summary>
    /// <exception cref="StatusException">The selector is malformed.</exception>
    public static LabelSelector Parse(string? text)
    {
        var selector = new LabelSelector();
        foreach (var part in Parts(text ?? "").Select(part => part.Trim()).Where(part => part.Length > 0))
        {
            selector._requirements.Add(Requirement(part));
        }

        return selector;
    }

    /// <summary>Whether labels are selected.</summary>
    public bool Matches(IReadOnlyDictionary<string, string> labels) => _requirements.TrueForAll(requirement => requirement(labels));

    private static Predicate<IReadOnlyDictionary<string, string>> Requirement(string text)
    {
        if (Set.Match(text) is { Success: true } set)
        {
            var values = set.Groups["values"].Value.Split(',', StringSplitOptions.TrimEntries).ToHashSet();
            var key = set.Groups["key"].Value;
            return set.Groups["op"].Value == "in"
                ? labels => labels.TryGetValue(key, out var value) && values.Contains(value)
                : labels => !labels.TryGetValue(key, out var value) || !values.Contains(value);
        }

        if (Equality.Match(text) is { Success: true } equality)
        {
            var (key, wanted) = (equality.Groups["key"].Value, equality.Groups["value"].Value);
            return equality.Groups["op"].Value == "!="
                ? labels => !labels.TryGetValue(key, out var value) || value != wanted
                : labels => labels.TryGetValue(key, out var value) && value == wanted;
        }

        if (Existence.Match(text) is { Success: true } existence)
        {
            var (key, wanted) = (existence.Groups["key"].Value, existence.Groups["not"].Length == 0);
            return labels => labels.ContainsKey(key) == wanted;
        }

        throw StatusErrors.BadRequest($"unable to parse requirement: \"{text}\" is no label selector");
    }

    // Commas between parentheses separate values.
    private static IEnumerable<string> Parts(string text)
    {
        var (start, isInSet) = (0, false);
        for (var at = 0; at < text.Length; at++)
        {
            isInSet = text[at] switch { '(' => true, ')' => false, _ => isInSet };
            if (text[at] == ',' && !isInSet)
            {
                yield return text[start..at];
                start = at + 1;
            }
        }

        yield return text[start..];
    }
}

using System.Text.RegularExpressions;
using ServiceProviderOcm.Sandbox.ApiServer.Errors;

namespace ServiceProviderOcm.Sandbox.ApiServer.Selection;

/// <summary>A label selector: <c>a=b,c!=d,e,!f</c>, all of which must hold. Sets of values are not supported.</summary>
internal sealed partial class LabelSelector
{
    private readonly List<Predicate<IReadOnlyDictionary<string, string>>> _requirements = [];

    private LabelSelector()
    {
    }

    /// <summary>Reads a selector; an empty one selects everything.</summary>
    /// <exception cref="StatusException">The selector is malformed.</exception>
    public static LabelSelector Parse(string? text)
    {
        var selector = new LabelSelector();
        foreach (var part in (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            selector._requirements.Add(Requirement(part));
        }

        return selector;
    }

    /// <summary>Whether labels are selected.</summary>
    public bool Matches(IReadOnlyDictionary<string, string> labels) => _requirements.TrueForAll(requirement => requirement(labels));

    private static Predicate<IReadOnlyDictionary<string, string>> Requirement(string text)
    {
        if (Equality().Match(text) is { Success: true } equality)
        {
            var (key, wanted) = (equality.Groups["key"].Value, equality.Groups["value"].Value);
            return equality.Groups["op"].Value == "!="
                ? labels => !labels.TryGetValue(key, out var value) || value != wanted
                : labels => labels.TryGetValue(key, out var value) && value == wanted;
        }

        if (Existence().Match(text) is { Success: true } existence)
        {
            var (key, wanted) = (existence.Groups["key"].Value, existence.Groups["not"].Length == 0);
            return labels => labels.ContainsKey(key) == wanted;
        }

        throw StatusErrors.BadRequest($"unable to parse requirement: \"{text}\" is no label selector");
    }

    [GeneratedRegex(@"^(?<key>[\w./-]+)\s*(?<op>==|!=|=)\s*(?<value>[\w.-]*)$")]
    private static partial Regex Equality();

    [GeneratedRegex(@"^(?<not>!?)\s*(?<key>[\w./-]+)$")]
    private static partial Regex Existence();
}

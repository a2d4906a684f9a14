using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Model.Configuration;

/// <summary>A selector of labels, as <c>LabelSelector</c> of <c>meta/v1</c>: an object matches if it meets all requirements.</summary>
public sealed class LabelSelector
{
    private static readonly string[] Operators = ["In", "NotIn", "Exists", "DoesNotExist"];

    private readonly IReadOnlyList<Requirement> _requirements;

    private LabelSelector(IReadOnlyList<Requirement> requirements) => _requirements = requirements;

    /// <summary>Whether labels match. A selector without requirements matches all.</summary>
    public bool Matches(IReadOnlyDictionary<string, string> labels) => _requirements.All(requirement => requirement.IsMetBy(labels));

    /// <summary>Reads a selector.</summary>
    /// <param name="json">The selector.</param>
    /// <param name="path">Its JSON path.</param>
    /// <param name="errors">What is wrong with it.</param>
    /// <returns>Null if there are errors.</returns>
    internal static LabelSelector? Read(JsonElement json, string path, out IReadOnlyList<ConfigIssue> errors)
    {
        errors = [.. Errors(json, path)];
        return errors.Count > 0 ? null : new LabelSelector(
        [
            .. json.TextMap("matchLabels").Select(label => new Requirement(label.Key, "In", [label.Value])),
            .. json.Items("matchExpressions").Select(expression =>
                new Requirement(expression.Text("key")!, expression.Text("operator")!, Values(expression))),
        ]);
    }

    private static IEnumerable<ConfigIssue> Errors(JsonElement json, string path)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            yield return new ConfigIssue(path, "must be a label selector");
            yield break;
        }

        if (json.At("matchLabels") is { } labels && !IsTextMap(labels))
        {
            yield return new ConfigIssue($"{path}.matchLabels", "must be an object with texts");
        }

        if (json.At("matchExpressions") is { ValueKind: not JsonValueKind.Array })
        {
            yield return new ConfigIssue($"{path}.matchExpressions", "must be a list of requirements");
        }

        foreach (var (index, expression) in json.Items("matchExpressions").Index())
        {
            foreach (var error in ErrorsOf(expression, $"{path}.matchExpressions[{index}]"))
            {
                yield return error;
            }
        }
    }

    private static IEnumerable<ConfigIssue> ErrorsOf(JsonElement expression, string path)
    {
        if (expression.Text("key") is not { Length: > 0 })
        {
            yield return new ConfigIssue($"{path}.key", "must be the name of a label");
        }

        var hasValues = expression.Items("values").Any();
        if (expression.Items("values").Any(value => value.ValueKind != JsonValueKind.String))
        {
            yield return new ConfigIssue($"{path}.values", "must be a list of texts");
        }

        switch (expression.Text("operator"))
        {
            case "In" or "NotIn" when !hasValues:
                yield return new ConfigIssue($"{path}.values", "must have a value with the operators In and NotIn");
                break;
            case "Exists" or "DoesNotExist" when hasValues:
                yield return new ConfigIssue($"{path}.values", "must be empty with the operators Exists and DoesNotExist");
                break;
            case { } known when Operators.Contains(known):
                break;
            default:
                yield return new ConfigIssue($"{path}.operator", $"must be {string.Join(", ", Operators[..^1])} or {Operators[^1]}");
                break;
        }
    }

    private static bool IsTextMap(JsonElement json) => json.ValueKind == JsonValueKind.Object
        && json.EnumerateObject().All(label => label.Value.ValueKind == JsonValueKind.String);

    private static string[] Values(JsonElement expression) => [.. expression.Items("values").Select(value => value.Text()!)];

    private sealed record Requirement(string Key, string Operator, string[] Values)
    {
        public bool IsMetBy(IReadOnlyDictionary<string, string> labels) => Operator switch
        {
            "In" => labels.TryGetValue(Key, out var value) && Values.Contains(value),
            "NotIn" => !labels.TryGetValue(Key, out var value) || !Values.Contains(value),
            "Exists" => labels.ContainsKey(Key),
            _ => !labels.ContainsKey(Key),
        };
    }
}

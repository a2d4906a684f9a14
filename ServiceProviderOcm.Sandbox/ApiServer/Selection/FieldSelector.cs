using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Sandbox.ApiServer.Errors;

namespace ServiceProviderOcm.Sandbox.ApiServer.Selection;

/// <summary>A field selector: <c>metadata.name=a,metadata.namespace!=b</c>, all of which must hold.</summary>
internal sealed class FieldSelector
{
    private readonly List<(string[] Path, string Value, bool Equal)> _requirements = [];

    private FieldSelector()
    {
    }

    /// <summary>Reads a selector; an empty one selects everything.</summary>
    /// <param name="text">The selector.</param>
    /// <param name="supported">The fields of the kind that can be selected by, besides those of the metadata.</param>
    /// <exception cref="StatusException">The selector is malformed, or has another field.</exception>
    public static FieldSelector Parse(string? text, IReadOnlyCollection<string> supported)
    {
        var selector = new FieldSelector();
        foreach (var part in (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var equal = !part.Contains("!=", StringComparison.Ordinal);
            var sides = part.Split(equal ? part.Contains("==", StringComparison.Ordinal) ? "==" : "=" : "!=", 2);
            if (sides.Length != 2)
            {
                throw StatusErrors.BadRequest($"invalid selector: '{text}'; can't understand '{part}'");
            }

            if (sides[0] is not ("metadata.name" or "metadata.namespace") && !supported.Contains(sides[0]))
            {
                throw StatusErrors.BadRequest($"field label not supported: {sides[0]}");
            }

            selector._requirements.Add((sides[0].Split('.'), sides[1], equal));
        }

        return selector;
    }

    /// <summary>Whether an object is selected.</summary>
    public bool Matches(JsonElement subject) =>
        _requirements.TrueForAll(requirement => ((subject.Text(requirement.Path) ?? "") == requirement.Value) == requirement.Equal);
}

using System.Globalization;
using System.Runtime.CompilerServices;

namespace ServiceProviderOcm.Core.Kubernetes.Yaml;

/// <summary>The limits of a <see cref="YamlReader"/>.</summary>
internal sealed record YamlRules
{
    /// <summary>For manifests.</summary>
    public static readonly YamlRules Manifests = new();

    /// <summary>
    /// Whether a field may be written twice, so that the last one counts. Kubernetes' tools accept it, but in a manifest it is a mistake.
    /// </summary>
    public bool AllowsDuplicates { get; init; }

    /// <summary>The maximum depth: that of objects which an API server stores.</summary>
    public int MaxDepth { get; init; } = 10_000;

    /// <summary>The maximum number of values in all documents, aliases resolved.</summary>
    public int MaxValues { get; init; } = 200_000;

    /// <summary>Which limit is exceeded, in words; null: none. The stack is one: readers call themselves for each level.</summary>
    public string? Exceeded(int depth, int values) =>
        depth > MaxDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack() ? string.Create(CultureInfo.InvariantCulture, $"nested more than {Math.Min(depth - 1, MaxDepth)} deep")
        : values > MaxValues ? string.Create(CultureInfo.InvariantCulture, $"more than {MaxValues} values")
        : null;
}

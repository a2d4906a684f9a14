using System.Globalization;

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

    /// <summary>The maximum depth; JSON may be nested 64 deep.</summary>
    public int MaxDepth { get; init; } = 60;

    /// <summary>The maximum number of values in all documents, aliases resolved.</summary>
    public int MaxValues { get; init; } = 200_000;

    /// <summary>Which limit is exceeded, in words; null: none.</summary>
    public string? Exceeded(int depth, int values) =>
        depth > MaxDepth ? string.Create(CultureInfo.InvariantCulture, $"nested more than {MaxDepth} deep")
        : values > MaxValues ? string.Create(CultureInfo.InvariantCulture, $"more than {MaxValues} values")
        : null;
}

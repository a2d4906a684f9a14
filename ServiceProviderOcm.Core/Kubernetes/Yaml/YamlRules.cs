using System.Text.Json.Nodes;

namespace ServiceProviderOcm.Core.Kubernetes.Yaml;

/// <summary>What a <see cref="YamlReader"/> accepts.</summary>
internal sealed record YamlRules
{
    /// <summary>For manifests: plain scalars as in YAML 1.1, aliases within bounds.</summary>
    public static readonly YamlRules Manifests = new() { ReadPlain = PlainScalars.Read };

    /// <summary>The value of a scalar without quotes.</summary>
    public required Func<string, JsonNode?> ReadPlain { get; init; }

    /// <summary>Whether aliases are accepted.</summary>
    public bool AllowsAliases { get; init; } = true;

    /// <summary>The maximum depth; JSON may be nested 64 deep.</summary>
    public int MaxDepth { get; init; } = 60;

    /// <summary>The maximum number of values in all documents, aliases resolved.</summary>
    public int MaxValues { get; init; } = 200_000;
}

using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Model.Configuration;

/// <summary>
/// Helm values as a ProviderConfig has them, untouched. There is one instance for all OCMs that are installed with them.
/// </summary>
public sealed class HelmValues
{
    /// <summary>Where a HelmRelease has its values.</summary>
    public static readonly IReadOnlyList<string> Path = ["spec", "values"];

    /// <summary>The chart's own defaults.</summary>
    public static readonly HelmValues Default = new(SharedPart.None);

    private HelmValues(SharedPart part) => Part = part;

    /// <summary>The values as the part of a HelmRelease; <see cref="SharedPart.None"/> if the chart's own defaults hold.</summary>
    public SharedPart Part { get; }

    /// <summary>The values of a HelmRelease that keeps them as a shared part.</summary>
    public static HelmValues Of(SharedPart part) => new(part);

    /// <summary>Wraps values.</summary>
    public static HelmValues Of(JsonElement json) => new(SharedPart.Of(Path, json));
}

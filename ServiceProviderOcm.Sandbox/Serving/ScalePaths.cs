using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Sandbox.Serving;

/// <summary>Where objects of a kind say how many replicas there shall be, and are.</summary>
/// <param name="Wanted">The field with the number of replicas wanted.</param>
/// <param name="Present">The field with the number of those that are there.</param>
/// <param name="Selector">The field that selects their pods, as labels or as text; null where there is none.</param>
internal sealed record ScalePaths(string[] Wanted, string[] Present, string[]? Selector)
{
    /// <summary>Those of Deployments and the like.</summary>
    public static readonly ScalePaths OfWorkloads = new(["spec", "replicas"], ["status", "replicas"], ["spec", "selector", "matchLabels"]);

    /// <summary>Reads what a CustomResourceDefinition says.</summary>
    public static ScalePaths Parse(JsonElement scale) => new(
        Steps(scale.Text("specReplicasPath")) ?? OfWorkloads.Wanted,
        Steps(scale.Text("statusReplicasPath")) ?? OfWorkloads.Present,
        Steps(scale.Text("labelSelectorPath")));

    private static string[]? Steps(string? path) => path?.Split('.', StringSplitOptions.RemoveEmptyEntries);
}

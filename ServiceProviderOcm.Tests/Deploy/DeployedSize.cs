using System.Globalization;
using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Tests.Deploy;

/// <summary>What a landscape of some size gives the controller: <c>deploy/base</c>, or one of its overlays.</summary>
/// <param name="Run">The container.</param>
internal sealed record DeployedSize(JsonElement Run)
{
    /// <summary>The memory that the kernel allows, in bytes.</summary>
    public long MemoryLimit => Quantity("limits", "memory");

    /// <summary>The flags that set limits.</summary>
    public string[] Limits => [.. PodSpec.Arguments(Run).Where(argument => argument.StartsWith("--control-plane-", StringComparison.Ordinal))];

    /// <summary>Reads a size.</summary>
    /// <param name="overlay">The name of an overlay; empty for the base.</param>
    public static async Task<DeployedSize> OfAsync(string overlay)
    {
        var deployment = await Kustomize.DeploymentAsync(overlay.Length == 0 ? "deploy/base" : $"deploy/overlays/{overlay}");
        return new DeployedSize(PodSpec.Containers(deployment).Single(container => container.Text("name") == "run"));
    }

    /// <summary>An amount, in bytes or thousandths of a processor.</summary>
    /// <param name="what"><c>requests</c> or <c>limits</c>.</param>
    /// <param name="resource">Such as <c>memory</c>.</param>
    public long Quantity(string what, string resource) => Run.Text("resources", what, resource) switch
    {
        [.. var number, 'M', 'i'] => long.Parse(number, CultureInfo.InvariantCulture) << 20,
        [.. var number, 'm'] => long.Parse(number, CultureInfo.InvariantCulture),
        var other => throw new FormatException(other),
    };
}

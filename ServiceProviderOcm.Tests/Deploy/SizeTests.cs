using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Tests.Deploy;

/// <summary>The overlays for landscapes of different sizes.</summary>
public sealed class SizeTests
{
    private static readonly string[] Sizes = ["small", "", "large"];

    [TestCase("requests", "memory")]
    [TestCase("requests", "cpu")]
    [TestCase("limits", "memory")]
    public async Task A_larger_landscape_has_more_resources(string what, string resource)
    {
        List<long> sizes = [];
        foreach (var overlay in Sizes)
        {
            sizes.Add((await DeployedSize.OfAsync(overlay)).Quantity(what, resource));
        }

        Assert.That(sizes, Is.Ordered.And.Unique);
    }

    [TestCase("deploy/overlays/small")]
    [TestCase("deploy/overlays/large")]
    public async Task An_overlay_changes_only_resources_and_flags(string folder)
    {
        var @base = await ObjectsAsync("deploy/base");
        var overlay = await ObjectsAsync(folder);

        Assert.That(overlay.Keys, Is.EquivalentTo(@base.Keys));
        Assert.That(
            overlay.Where(item => !item.Key.StartsWith("Deployment ", StringComparison.Ordinal)),
            Is.EquivalentTo(@base.Where(item => !item.Key.StartsWith("Deployment ", StringComparison.Ordinal))));
        Assert.That(
            PodSpec.Containers(await Kustomize.DeploymentAsync(folder)).Select(container => container.Text("image")),
            Is.EqualTo(PodSpec.Containers(await Kustomize.DeploymentAsync("deploy/base")).Select(container => container.Text("image"))));
    }

    private static async Task<Dictionary<string, string>> ObjectsAsync(string folder) => (await Kustomize.RenderAsync(folder))
        .ToDictionary(item => $"{item["kind"]} {item["metadata"]!["name"]}", item => item.ToJsonString());
}

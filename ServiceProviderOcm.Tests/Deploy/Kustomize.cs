using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Yaml;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Deploy;

/// <summary>Renders folders of <c>deploy/</c>, as <c>kubectl apply -k</c> does.</summary>
internal static class Kustomize
{
    /// <summary>The objects of a folder. Skips the calling test where there is no kubectl, or fails it where <c>CI=true</c>.</summary>
    /// <param name="folder">Relative to the repository's root.</param>
    public static async Task<IReadOnlyList<JsonObject>> RenderAsync(string folder)
    {
        var rendered = await Kubectl.RunAsync("kustomize", folder);
        Assert.That(rendered.Code, Is.Zero, rendered.Errors);
        return YamlManifests.Parse(rendered.Output);
    }

    /// <summary>The Deployment of a folder.</summary>
    public static async Task<KubeObject> DeploymentAsync(string folder) => KubeObject.From(
        (await RenderAsync(folder)).Single(item => item["kind"]!.GetValue<string>() == "Deployment"));
}

using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Setup;

namespace ServiceProviderOcm.Tests.Deploy;

public sealed class RenderingTests
{
    private static readonly ProviderApi Renamed = new(ProviderApi.RenamedGroup);

    private static readonly string[] ClusterScoped = ["ClusterRole", "ClusterRoleBinding", "CustomResourceDefinition", "PriorityClass"];

    [Test]
    public async Task The_base_has_objects_for_the_platform_cluster_only()
    {
        var definitions = Of(await Kustomize.RenderAsync("deploy/base"), "CustomResourceDefinition");

        Assert.That(definitions.Select(definition => definition.Labels[ProviderCrds.ClusterLabel]), Is.EqualTo(["platform"]));
    }

    [Test]
    public async Task Objects_for_the_onboarding_cluster_are_rendered_separately()
    {
        var definitions = Of(await Kustomize.RenderAsync("deploy/crds/onboarding"), "CustomResourceDefinition");

        Assert.That(definitions.Select(definition => definition.Labels[ProviderCrds.ClusterLabel]), Is.EqualTo(["onboarding"]));
    }

    [Test]
    public async Task All_objects_are_in_one_namespace_which_an_overlay_can_change()
    {
        using var overlay = new Overlay("namespace: elsewhere\nresources: [BASE]");
        var rendered = await Kustomize.RenderAsync(overlay.Folder);

        Assert.That(rendered.Where(item => !ClusterScoped.Contains(Kind(item))).Select(item => KubeObject.From(item).Namespace).Distinct(), Is.EqualTo(["elsewhere"]));
        Assert.That(
            rendered.Where(item => Kind(item).EndsWith("Binding", StringComparison.Ordinal))
                .Select(binding => KubeObject.From(binding).Json.Items("subjects").Single().Text("namespace")).Distinct(),
            Is.EqualTo(["elsewhere"]));
    }

    [TestCase("deploy/base", "deploy/open-control-plane")]
    [TestCase("deploy/crds/onboarding", "deploy/open-control-plane/onboarding")]
    public async Task The_overlay_for_the_other_API_group_differs_only_in_the_group(string original, string overlay)
    {
        var replaced = Text(await Kustomize.RenderAsync(original)).Replace(ProviderApi.DefaultGroup, Renamed.Group, StringComparison.Ordinal);
        var expected = Regex.Replace(replaced, """("[^"]+"),\1(?=[\],])""", "$1");
        var rendered = Text(await Kustomize.RenderAsync(overlay));

        Assert.That(rendered.Replace($",\"--api-group={Renamed.Group}\"", "", StringComparison.Ordinal), Is.EqualTo(expected));
    }

    [Test]
    public async Task The_overlay_for_the_other_API_group_sets_the_group_of_both_commands()
    {
        var deployment = Of(await Kustomize.RenderAsync("deploy/open-control-plane"), "Deployment").Single();

        Assert.That(PodSpec.Containers(deployment).Select(PodSpec.Arguments), Is.All.Contains($"--api-group={Renamed.Group}"));
    }

    private static IEnumerable<KubeObject> Of(IEnumerable<JsonObject> rendered, string kind) =>
        rendered.Where(item => Kind(item) == kind).Select(KubeObject.From);

    private static string Kind(JsonObject item) => item["kind"]!.GetValue<string>();

    private static string Text(IEnumerable<JsonObject> rendered) => string.Join('\n', rendered.Select(item => item.ToJsonString()));
}

using System.Text.Json;
using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Builders;
using ServiceProviderOcm.Tests.Support.Certificates;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Tools.Render;

[TestFixtureSource(typeof(ApiGroups), nameof(ApiGroups.All))]
public sealed class RenderedObjectsTests(ProviderApi api) : ProviderFixture(api)
{
    private static readonly ResourceKind[] Written =
        [PlatformKinds.AccessRequest, Kinds.Secret, Kinds.ConfigMap, PlatformKinds.OciRepository, PlatformKinds.HelmRelease, Kinds.Namespace];


    [Test]
    public async Task Rendered_objects_equal_those_that_the_controller_writes()
    {
        var secret = await World.PullSecretAsync();
        var bundle = await World.CaBundleAsync(new TestPki().Pem);
        var config = await World.ConfigureAsync(new JsonObject
        {
            ["chartURL"] = "registry.example.com/charts/toolkit",
            ["pollInterval"] = "1h",
            ["imagePullSecret"] = new JsonObject { ["name"] = ProviderWorld.PullSecretName },
            ["caBundleRef"] = new JsonObject { ["name"] = ProviderWorld.CaBundleName, ["key"] = "ca.crt", ["injectIntoToolkit"] = true },
            ["values"] = new JsonObject
            {
                ["manager"] = new JsonObject { ["imagePullSecrets"] = new JsonArray(new JsonObject { ["name"] = ProviderWorld.PullSecretName }) },
                ["port"] = "8080",
                ["share"] = 0.5,
            },
        });
        World.StartController();
        var key = await World.ReadyTenantAsync();
        var ocm = await World.Onboarding.Api.GetAsync(Api.Ocm, key, default);

        var run = await RenderRun.OfAsync(
            ["-o=json", "--show-secrets"],
            [
                $$"""{ "apiVersion": "{{Api.Ocm.ApiVersion}}", "kind": "OCM", "metadata": { "namespace": "{{key.Namespace}}", "name": "{{key.Name}}" }, "spec": {{ocm.Json.At("spec")}} }""",
                .. new[] { config, secret, bundle }.Select(input => input.Json.GetRawText()),
            ]);

        Assert.That(run.Errors, Is.Empty);
        var patch = new KubeObject(run.Entries[0].At("content")!.Value);
        Assert.That((patch.Key, patch.Finalizers), Is.EqualTo((key, ocm.Finalizers)));
        List<string> platform = [];
        List<string> controlPlane = [];
        foreach (var entry in run.Entries.Skip(1))
        {
            var isPlatform = entry.Text("cluster") == "platform cluster";
            var rendered = new KubeObject(entry.At("content")!.Value);
            var kind = Written.Single(kind => kind.Kind == rendered.Json.Text("kind"));
            var written = await (isPlatform ? World.Platform : World.Mcp).Api.GetAsync(kind, rendered.Key, default);
            IsAsRendered(written, rendered, ClusterProviderStandIn.SecretOf(World.AccessRequest(key)).Name);
            (isPlatform ? platform : controlPlane).Add($"{kind.Kind} {rendered.Name}");
        }

        var kubeconfig = $"Secret {ClusterProviderStandIn.SecretOf(World.AccessRequest(key)).Name}";
        Assert.That(platform, Is.EquivalentTo((await World.LeftoversAsync(key)).Where(name => name != kubeconfig)));
        Assert.That(controlPlane, Is.EquivalentTo((await World.PlacedAsync()).Append($"Namespace {ObjectNames.ToolkitNamespace}")));
    }

    // Of what the server has, only what our field manager owns is to be compared: the rest are defaults, and others' fields.
    private static void IsAsRendered(KubeObject written, KubeObject rendered, string kubeconfig)
    {
        if (rendered.Json.At("spec", "kubeConfig") is not null)
        {
            rendered = rendered.Patched($$"""{ "spec": { "kubeConfig": { "secretRef": { "name": "{{kubeconfig}}" } } } }""");
        }

        var paths = written.Ownership.Applied.Concat(Json.Leaves(rendered.Json)).ToList();
        Assert.That(paths, rendered.Json.Text("kind") == "Namespace" ? Is.Empty : Is.Not.Empty);
        foreach (var path in paths)
        {
            Assert.That(
                written.Json.At([.. path]) is { } there && rendered.Json.At([.. path]) is { } shown && JsonElement.DeepEquals(there, shown),
                Is.True,
                $"{rendered}: {string.Join('.', path)}");
        }

        Assert.That(rendered.Labels, Is.SubsetOf(written.Labels));
        Assert.That(rendered.Annotations, Is.SubsetOf(written.Annotations));
        Assert.That(rendered.Finalizers, Is.SubsetOf(written.Finalizers));
    }
}

using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Crds;

[Category("RealServer")]
public sealed class CrdTests
{
    private static readonly ObjectKey Key = new("crd-tests", "one");

    private TestCluster _platform = null!;

    [SetUp]
    public async Task Install()
    {
        _platform = (await TestClusters.GetAsync()).Platform;
        await _platform.InstallCrdsAsync("clusterrequests", "accessrequests", "ocirepositories", "helmreleases", "repositories");
        await _platform.Api.ApplyAsync(
            Kinds.Namespace, new JsonObject { ["metadata"] = new JsonObject { ["name"] = Key.Namespace } });
        foreach (var kind in (ResourceKind[])[PlatformKinds.ClusterRequest, PlatformKinds.OciRepository, PlatformKinds.HelmRelease])
        {
            await _platform.Api.DeleteAsync(kind, Key);
        }
    }

    [Test]
    public async Task A_repository_gets_the_published_defaults()
    {
        var repository = await _platform.Api.ApplyAsync(
            PlatformKinds.OciRepository, Manifest("""{"interval": "1m", "url": "oci://example.com/chart", "ref": {"tag": "1.0.0"}}"""));

        Assert.That(
            (repository.Json.Text("spec", "provider"), repository.Json.Text("spec", "timeout"), repository.Generation),
            Is.EqualTo(("generic", "60s", 1)));
    }

    [Test]
    public async Task A_release_keeps_its_values_as_they_are()
    {
        var release = await _platform.Api.ApplyAsync(
            PlatformKinds.HelmRelease, Manifest("""{"interval": "1m", "values": {"any": [1, 1.5, "1", {"thing": true}]}}"""));

        Assert.That(release.Json.At("spec", "values")?.GetRawText(), Is.EqualTo("""{"any":[1,1.5,"1",{"thing":true}]}"""));
    }

    [TestCase("""{"interval": "1m", "url": "https://example.com/chart"}""")]
    [TestCase("""{"interval": "a while", "url": "oci://example.com/chart"}""")]
    [TestCase("""{"interval": "1m"}""")]
    public async Task A_repository_that_the_published_definition_rejects_is_rejected(string spec)
    {
        var error = await Assert.ThrowsAsync<KubernetesApiException>(() => _platform.Api.ApplyAsync(PlatformKinds.OciRepository, Manifest(spec)));

        Assert.That(error!.Code, Is.EqualTo(422));
    }

    [Test]
    public async Task The_status_is_written_by_its_subresource_only()
    {
        await _platform.Api.ApplyAsync(PlatformKinds.ClusterRequest, Manifest("""{"purpose": "onboarding"}"""));

        var request = await _platform.Api.UpdateStatusAsync(
            PlatformKinds.ClusterRequest, Key, new JsonObject { ["phase"] = "Granted", ["observedGeneration"] = 1 });

        Assert.That((request.Json.Text("status", "phase"), request.Generation), Is.EqualTo(("Granted", 1)));
    }

    private static JsonObject Manifest(string spec) => new()
    {
        ["metadata"] = new JsonObject { ["namespace"] = Key.Namespace, ["name"] = Key.Name },
        ["spec"] = JsonNode.Parse(spec),
    };
}

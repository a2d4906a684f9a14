using System.Text.Json;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;

namespace ServiceProviderOcm.Tests.Deploy;

public sealed class SamplesTests
{
    private static readonly ProviderApi Api = new(ProviderApi.DefaultGroup);

    [Test]
    public void Each_sample_is_of_a_kind_that_is_served()
    {
        Assert.That(Sample("ocm").Text("apiVersion"), Is.EqualTo(Api.Ocm.ApiVersion));
        Assert.That(Sample("ocm").Text("kind"), Is.EqualTo(Api.Ocm.Kind));
        Assert.That(Sample("providerconfig").Text("apiVersion"), Is.EqualTo(Api.ProviderConfig.ApiVersion));
        Assert.That(Sample("providerconfig").Text("kind"), Is.EqualTo(Api.ProviderConfig.Kind));
    }

    [Test]
    public void The_pull_secret_is_the_one_that_the_provider_config_names_and_holds_no_credentials()
    {
        var secret = Sample("pull-secret");

        Assert.That(Sample("providerconfig").Text("spec", "imagePullSecret", "name"), Is.EqualTo(secret.Text("metadata", "name")));
        Assert.That(secret.Text("type"), Is.EqualTo("kubernetes.io/dockerconfigjson"));
        Assert.That(secret.TextMap("stringData"), Does.ContainKey(".dockerconfigjson").WithValue("""{"auths": {}}"""));
    }

    [Test]
    public async Task The_service_provider_runs_the_same_image_for_the_same_provider_config_as_the_base()
    {
        var provider = DeployedYaml.Read("openmcp-operator/serviceprovider.yaml").Single();
        var deployment = (await Kustomize.RenderAsync("deploy/base")).Select(KubeObject.From)
            .Single(item => item.Json.Text("kind") == "Deployment");

        Assert.That(provider.Text("metadata", "name"), Is.EqualTo(Sample("providerconfig").Text("metadata", "name")));
        foreach (var container in PodSpec.Containers(deployment))
        {
            Assert.That(container.Text("image"), Is.EqualTo(provider.Text("spec", "image")));
            Assert.That(PodSpec.Arguments(container), Has.Member($"--provider-name={provider.Text("metadata", "name")}"));
        }
    }

    private static JsonElement Sample(string name) => DeployedYaml.Read($"samples/{name}.yaml").Single();
}

using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Setup;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Crds;

/// <summary>The validation rules (CEL) of our own definitions, on servers that evaluate them.</summary>
[Category("RealServer")]
public sealed class ValidationRuleTests
{
    private static readonly ProviderApi Api = new("rules.example.com");

    private const string Legacy = """{"imagePullSecret": {"name": "pull"}}""";
    private const string Catalogue = """{"versions": [{"version": "0.3.0"}]}""";
    private const string Both = """{"imagePullSecret": {"name": "pull"}, "versions": [{"version": "0.3.0"}]}""";

    private TestCluster _platform = null!;

    [OneTimeSetUp]
    public async Task Install()
    {
        _platform = (await TestClusters.GetAsync()).Platform;
        var definitions = ProviderCrds.Of(Api).Where(definition => definition.Name == Api.ProviderConfig.QualifiedPlural);
        try
        {
            await _platform.InstallUnchangedCrdsAsync(definitions.Select(definition => JsonObject.Create(definition.Json.Clone())!));
        }
        catch (KubernetesApiException rejected) when (rejected.Message.Contains("x-kubernetes-validations", StringComparison.Ordinal))
        {
            Assert.Ignore($"This API server does not support validation rules: {rejected.Message}");
        }

        if (await RejectionAsync(Both) is null)
        {
            Assert.Ignore("This API server does not evaluate validation rules: an invalid ProviderConfig is accepted.");
        }
    }

    [TestCase(Legacy)]
    [TestCase(Catalogue)]
    public async Task A_ProviderConfig_with_a_pull_secret_or_a_catalogue_is_accepted(string spec) =>
        Assert.That(await RejectionAsync(spec), Is.Null);

    [Test]
    public async Task A_ProviderConfig_with_both_is_rejected_with_the_fix() =>
        Assert.That(await RejectionAsync(Both), Does.Contain("name the Secret in each entry's chartPullSecret instead"));

    // The message, or null.
    private async Task<string?> RejectionAsync(string spec)
    {
        var key = ObjectKey.ClusterScoped("rules");
        try
        {
            await _platform.Api.ApplyAsync(Api.ProviderConfig, new JsonObject
            {
                ["metadata"] = new JsonObject { ["name"] = key.Name },
                ["spec"] = JsonNode.Parse(spec),
            });
            await _platform.Api.DeleteAsync(Api.ProviderConfig, key);
            return null;
        }
        catch (KubernetesApiException rejected) when (rejected.Code == 422)
        {
            return rejected.Message;
        }
    }
}

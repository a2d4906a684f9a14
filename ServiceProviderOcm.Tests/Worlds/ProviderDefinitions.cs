using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Setup;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Worlds;

/// <summary>The CustomResourceDefinitions that the provider needs.</summary>
public static class ProviderDefinitions
{
    /// <summary>Installs those of the platform's and Flux's kinds.</summary>
    public static Task InstallPlatformDefinitionsAsync(this TestClusterSet clusters) => Task.WhenAll(
        clusters.Platform.InstallCrdsAsync("clusterrequests", "accessrequests", "ocirepositories", "helmreleases"),
        clusters.Mcp.InstallCrdsAsync("repositories"));

    /// <summary>Installs the definitions of API groups of the provider on their clusters.</summary>
    public static Task InstallDefinitionsAsync(this TestClusterSet clusters, params IReadOnlyList<ProviderApi> apis) => Task.WhenAll(
        clusters.Platform.InstallCrdsAsync(Of(apis, "platform")), clusters.Onboarding.InstallCrdsAsync(Of(apis, "onboarding")));

    private static IEnumerable<JsonObject> Of(IReadOnlyList<ProviderApi> apis, string cluster) => apis.SelectMany(ProviderCrds.Of)
        .Where(definition => definition.Labels[ProviderCrds.ClusterLabel] == cluster)
        .Select(definition => JsonObject.Create(definition.Json)!);
}

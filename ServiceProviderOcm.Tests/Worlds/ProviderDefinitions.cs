using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Setup;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Worlds;

/// <summary>The CustomResourceDefinitions of the provider.</summary>
public static class ProviderDefinitions
{
    /// <summary>Installs the definitions of an API group on their clusters.</summary>
    public static async Task InstallDefinitionsAsync(this TestClusterSet clusters, ProviderApi api)
    {
        var definitions = ProviderCrds.Of(api).ToLookup(
            definition => definition.Labels[ProviderCrds.ClusterLabel], definition => JsonObject.Create(definition.Json)!);
        await clusters.Platform.InstallCrdsAsync(definitions["platform"]);
        await clusters.Onboarding.InstallCrdsAsync(definitions["onboarding"]);
    }
}

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
        await clusters.Platform.InstallCrdsAsync(Of(api, "platform"));
        await clusters.Onboarding.InstallCrdsAsync(Of(api, "onboarding"));
    }

    private static IEnumerable<JsonObject> Of(ProviderApi api, string cluster) => ProviderCrds.Of(api)
        .Where(definition => definition.Labels[ProviderCrds.ClusterLabel] == cluster)
        .Select(definition => JsonObject.Create(definition.Json)!);
}

using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Yaml;
using ServiceProviderOcm.Core.Model.Api;

namespace ServiceProviderOcm.Tests.Worlds;

/// <summary>What <c>deploy/base</c> allows the controller on the platform cluster.</summary>
internal static class DeployedRoles
{
    private static readonly string[] Files = ["rbac-run.yaml", "rbac-init.yaml", "rbac-metrics.yaml"];

    /// <summary>The ClusterRoles and Roles, as the overlay for an API group has them.</summary>
    public static IEnumerable<JsonObject> Of(ProviderApi api) => Files
        .Select(file => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "deploy", "base", file)))
        .SelectMany(text => YamlManifests.Parse(text.Replace(ProviderApi.DefaultGroup, api.Group, StringComparison.Ordinal)))
        .Where(manifest => manifest["kind"]!.GetValue<string>() is "ClusterRole" or "Role");
}

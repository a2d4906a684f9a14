using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Yaml;
using ServiceProviderOcm.Core.Model.Api;

namespace ServiceProviderOcm.Tests.Worlds;

/// <summary>What <c>deploy/base</c> allows the controller on the platform cluster.</summary>
internal static class DeployedRoles
{
    private static readonly string[] Files = ["rbac-run.yaml", "rbac-init.yaml", "rbac-metrics.yaml"];

    /// <summary>The ClusterRoles and Roles. They are for all known API groups; another takes the place of the default one.</summary>
    public static IEnumerable<JsonObject> Of(ProviderApi api) => Files
        .Select(file => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "deploy", "base", file)))
        .SelectMany(text => YamlManifests.Parse(
            ProviderApi.KnownGroups.Contains(api.Group) ? text : text.Replace(ProviderApi.DefaultGroup, api.Group, StringComparison.Ordinal)))
        .Where(manifest => manifest["kind"]!.GetValue<string>() is "ClusterRole" or "Role");
}

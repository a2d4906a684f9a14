using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Sandbox.ApiServer.Json;
using ServiceProviderOcm.Sandbox.Demo.StandIns;

namespace ServiceProviderOcm.Sandbox.Demo.Clusters;

/// <summary>Grants AccessRequests on the requested cluster, as a cluster provider does.</summary>
internal static class AccessGrants
{
    private const string Group = "rbac.authorization.k8s.io";

    private static readonly ResourceKind Role = new(Group, "v1", "ClusterRole", "clusterroles", IsNamespaced: false);
    private static readonly ResourceKind Binding = new(Group, "v1", "ClusterRoleBinding", "clusterrolebindings", IsNamespaced: false);

    /// <summary>Gives a user the permissions of a request, by a ClusterRole with the name of the request.</summary>
    public static async Task GrantAsync(IKubernetesApi cluster, string user, KubeObject request)
    {
        var rules = request.Json.Items("spec", "token", "permissions").SelectMany(permission => permission.Items("rules"));
        await cluster.ApplyAsync(Role, new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = request.Name },
            ["rules"] = new JsonArray([.. rules.Select(rule => Nodes.Parse(rule.GetRawText()))]),
        });
        await cluster.ApplyAsync(Binding, new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = request.Name },
            ["roleRef"] = new JsonObject { ["apiGroup"] = Group, ["kind"] = Role.Kind, ["name"] = request.Name },
            ["subjects"] = new JsonArray(new JsonObject { ["apiGroup"] = Group, ["kind"] = "User", ["name"] = user }),
        });
    }
}

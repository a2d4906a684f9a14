using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Tests.Servers;

/// <summary>Gives users permissions by RBAC, and nothing besides.</summary>
public static class Permissions
{
    private const string Group = "rbac.authorization.k8s.io";

    private static readonly ResourceKind AccessReview =
        new("authorization.k8s.io", "v1", "SelfSubjectAccessReview", "selfsubjectaccessreviews", IsNamespaced: false);

    /// <summary>Binds a user to a ClusterRole with these rules, and waits until they are in force.</summary>
    public static Task GrantAsync(this TestCluster cluster, string user, string name, JsonArray rules) => cluster.GrantAsync(
        user,
        new JsonObject { ["kind"] = "ClusterRole", ["metadata"] = new JsonObject { ["name"] = name }, ["rules"] = rules },
        ns: null);

    /// <summary>Applies a role, binds a user to it, and waits until its rules are in force.</summary>
    /// <param name="cluster">Where.</param>
    /// <param name="user">Who.</param>
    /// <param name="role">A ClusterRole, or a Role without a namespace.</param>
    /// <param name="ns">The namespace that a Role is for.</param>
    public static async Task GrantAsync(this TestCluster cluster, string user, JsonObject role, string? ns)
    {
        var kind = role["kind"]!.GetValue<string>();
        var scope = kind == "Role" ? ns : null;
        var name = $"{user}-{role["metadata"]!["name"]!.GetValue<string>()}";
        role["metadata"] = Metadata();
        var applied = await cluster.Api.ApplyAsync(Kind(kind), role);
        await cluster.Api.ApplyAsync(Kind($"{kind}Binding"), new JsonObject
        {
            ["metadata"] = Metadata(),
            ["roleRef"] = new JsonObject { ["apiGroup"] = Group, ["kind"] = kind, ["name"] = name },
            ["subjects"] = new JsonArray(new JsonObject { ["apiGroup"] = Group, ["kind"] = "User", ["name"] = user }),
        });

        using var api = new TestKubernetesApi(cluster, user: cluster.User(user));
        foreach (var rule in applied.Json.Items("rules"))
        {
            await Eventually.Async(
                async () => (await api.CreateAsync(AccessReview, Question(rule, scope), CancellationToken.None)).Json
                    .At("status", "allowed") is { ValueKind: JsonValueKind.True },
                $"{user} may on {cluster.Name}: {rule}");
        }

        JsonObject Metadata() => new() { ["name"] = name, ["namespace"] = scope };

        ResourceKind Kind(string called) => new(Group, "v1", called, $"{called.ToLowerInvariant()}s", IsNamespaced: scope is not null);
    }

    private static KubeObject Question(JsonElement rule, string? ns) => KubeObject.From(new JsonObject
    {
        ["apiVersion"] = AccessReview.ApiVersion,
        ["kind"] = AccessReview.Kind,
        ["metadata"] = new JsonObject(),
        ["spec"] = rule.Items("nonResourceURLs").FirstOrDefault() is { ValueKind: JsonValueKind.String } path
            ? new JsonObject
            {
                ["nonResourceAttributes"] = new JsonObject { ["path"] = path.GetString(), ["verb"] = rule.Items("verbs").First().GetString() },
            }
            : new JsonObject { ["resourceAttributes"] = Resource(rule, ns) },
    });

    private static JsonObject Resource(JsonElement rule, string? ns) => new()
    {
        ["namespace"] = ns,
        ["verb"] = rule.Items("verbs").First().GetString(),
        ["group"] = rule.Items("apiGroups").First().GetString(),
        ["resource"] = rule.Items("resources").First().GetString()!.Split('/')[0],
        ["subresource"] = rule.Items("resources").First().GetString()!.Split('/').ElementAtOrDefault(1),
        ["name"] = rule.Items("resourceNames").FirstOrDefault() is { ValueKind: JsonValueKind.String } named ? named.GetString() : null,
    };
}

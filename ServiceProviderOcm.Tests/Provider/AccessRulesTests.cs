using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Yaml;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Provider;

/// <summary>
/// The rules in <c>docs/security.md</c> are the smallest for the kinds of the toolkit's chart: on a real API server they allow to apply, upgrade
/// and delete objects of these kinds, and do not if one of them is left out.
/// </summary>
[Category("RealServer")]
[NonParallelizable]
public sealed class AccessRulesTests
{
    private const string Group = "rbac.authorization.k8s.io";
    private const string Name = "access-rules";

    // A group that does not exist: whether it may be read tells whether the rules are in force.
    private const string Probe = "probe.example.com";

    private static readonly ResourceKind Role = new(Group, "v1", "Role", "roles");
    private static readonly ResourceKind RoleBinding = new(Group, "v1", "RoleBinding", "rolebindings");
    private static readonly ResourceKind ClusterRole = new(Group, "v1", "ClusterRole", "clusterroles", IsNamespaced: false);
    private static readonly ResourceKind ClusterRoleBinding = new(Group, "v1", "ClusterRoleBinding", "clusterrolebindings", IsNamespaced: false);
    private static readonly ResourceKind Definition =
        new("apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions", IsNamespaced: false);

    private static readonly ResourceKind ServiceAccount = new("", "v1", "ServiceAccount", "serviceaccounts");
    private static readonly ResourceKind Deployment = new("apps", "v1", "Deployment", "deployments");
    private static readonly ResourceKind ReplicaSet = new("apps", "v1", "ReplicaSet", "replicasets");
    private static readonly ResourceKind Pod = new("", "v1", "Pod", "pods");

    // What the chart renders if its values say so.
    private static readonly ResourceKind Service = new("", "v1", "Service", "services");
    private static readonly ResourceKind Certificate = new("cert-manager.io", "v1", "Certificate", "certificates");
    private static readonly ResourceKind ServiceMonitor = new("monitoring.coreos.com", "v1", "ServiceMonitor", "servicemonitors");
    private static readonly ResourceKind[] Defined = [Certificate, ServiceMonitor];
    private static readonly ResourceKind[] Optional = [Service, .. Defined];
    private static readonly string[] OptionalVerbs = ["get", "list", "watch", "create", "patch", "delete"];

    private static int _users;

    private static JsonObject Access => Documented();

    private static IEnumerable<TestCaseData> EachVerb() =>
        from list in (string[])["rules", "namespaceRules"]
        from rule in Access[list]!.AsArray().Index()
        from verb in rule.Item!["verbs"]!.AsArray().Select(verb => verb!.GetValue<string>())
        from resource in rule.Item["resources"]!.AsArray().Select(resource => resource!.GetValue<string>())
        select new TestCaseData(list, rule.Index, resource, verb).SetArgDisplayNames($"{verb} {resource} ({list})");

    [OneTimeSetUp]
    public async Task Serve_the_kinds_of_users()
    {
        var cluster = (await TestClusters.GetAsync()).Mcp;
        await cluster.InstallCrdsAsync("repositories");
        await cluster.Api.ApplyAsync(Kinds.Namespace, new JsonObject { ["metadata"] = new JsonObject { ["name"] = ObjectNames.ToolkitNamespace } });
        await cluster.InstallCrdsAsync(Defined.Select(DefinitionOf));
    }

    [OneTimeTearDown]
    public async Task Remove_what_stays()
    {
        var cluster = (await TestClusters.GetAsync()).Mcp;
        foreach (var name in (string[])[NameOf(Definition), .. Defined.Select(kind => $"{kind.Plural}.{kind.Group}")])
        {
            await cluster.Api.DeleteAsync(Definition, ObjectKey.ClusterScoped(name));
        }
    }

    [Test]
    public async Task The_documented_rules_suffice() => Assert.That(await DeniedAsync(Access), Is.Empty);

    [TestCaseSource(nameof(EachVerb))]
    public async Task Without_one_of_the_documented_permissions_something_is_forbidden(string list, int index, string resource, string verb)
    {
        var access = Access;
        var rules = access[list]!.AsArray();
        var rule = rules[index]!.AsObject();
        var others = rule.DeepClone().AsObject();
        rule["resources"] = new JsonArray(resource);
        rule["verbs"] = new JsonArray([.. Texts(rule["verbs"]!).Where(each => each != verb).Select(each => (JsonNode)each)]);
        others["resources"] = new JsonArray([.. Texts(others["resources"]!).Where(each => each != resource).Select(each => (JsonNode)each)]);
        rules.Add((JsonNode)others);
        foreach (var empty in rules.Where(each => each!["verbs"]!.AsArray().Count == 0 || each["resources"]!.AsArray().Count == 0).ToList())
        {
            rules.Remove(empty);
        }

        Assert.That(await DeniedAsync(access), Is.Not.Empty);
    }

    [TestCaseSource(nameof(Optional))]
    public async Task An_optional_kind_needs_the_verbs_of_other_kinds_and_each_of_them(object optional)
    {
        var kind = (ResourceKind)optional;
        Assert.That(await DeniedAsync(With([.. OptionalVerbs]), kind), Is.Empty);
        foreach (var verb in OptionalVerbs)
        {
            Assert.That(await DeniedAsync(With([.. OptionalVerbs.Where(each => each != verb)]), kind), Is.Not.Empty, $"without {verb}");
        }

        JsonObject With(JsonArray verbs)
        {
            var access = Access;
            access["namespaceRules"]!.AsArray().Add((JsonNode)new JsonObject
            {
                ["apiGroups"] = new JsonArray(kind.Group),
                ["resources"] = new JsonArray(kind.Plural),
                ["verbs"] = verbs,
            });
            return access;
        }
    }

    private static IEnumerable<string> Texts(JsonNode list) => [.. list.AsArray().Select(item => item!.GetValue<string>())];

    private static JsonObject Documented()
    {
        const string Begin = "```yaml\n";
        var text = File.ReadAllText(Path.Combine(RepositoryRoot.Find(), "docs", "security.md"));
        var start = text.IndexOf($"{Begin}access:", StringComparison.Ordinal) + Begin.Length;
        var yaml = text[start..text.IndexOf("```", start, StringComparison.Ordinal)];
        return YamlManifests.Parse($"kind: Any\n{yaml}").Single()["access"]!.DeepClone().AsObject();
    }

    // A user of its own, so that what was granted before does not matter.
    private static async Task<IReadOnlyList<string>> DeniedAsync(JsonObject access, params ResourceKind[] optional)
    {
        var cluster = (await TestClusters.GetAsync()).Mcp;
        var user = $"{Name}-{Interlocked.Increment(ref _users)}";
        await GrantAsync(cluster.Api, user, ClusterRole, ns: null, access["rules"]!);
        await GrantAsync(cluster.Api, user, Role, ObjectNames.ToolkitNamespace, access["namespaceRules"]!);
        using var http = cluster.CreateHttpClient(cluster.Admin, "flux");
        http.DefaultRequestHeaders.Add("Impersonate-User", user);
        await Eventually.Async(
            async () => (await StatusOfAsync(http, HttpMethod.Get, $"apis/{Probe}/v1/{ClusterRole.Plural}/x", null),
                await StatusOfAsync(http, HttpMethod.Get, $"apis/{Probe}/v1/namespaces/{ObjectNames.ToolkitNamespace}/{Role.Plural}/x", null)),
            status => status is { Item1: not HttpStatusCode.Forbidden, Item2: not HttpStatusCode.Forbidden },
            "the rules are in force");
        List<string> denied = [];
        foreach (var (method, path, body) in Requests(optional))
        {
            if (await StatusOfAsync(http, method, path, body) == HttpStatusCode.Forbidden)
            {
                denied.Add($"{method} {path}");
            }
        }

        await cluster.Api.DeleteAsync(ClusterRoleBinding, ObjectKey.ClusterScoped(user));
        await cluster.Api.DeleteAsync(RoleBinding, new ObjectKey(ObjectNames.ToolkitNamespace, user));
        await cluster.Api.DeleteAsync(ClusterRole, ObjectKey.ClusterScoped(user));
        await cluster.Api.DeleteAsync(Role, new ObjectKey(ObjectNames.ToolkitNamespace, user));
        return denied;
    }

    private static async Task GrantAsync(TestKubernetesApi api, string user, ResourceKind kind, string? ns, JsonNode rules)
    {
        var granted = rules.DeepClone().AsArray();
        granted.Add((JsonNode)new JsonObject
        {
            ["apiGroups"] = new JsonArray(Probe),
            ["resources"] = new JsonArray(kind.Plural),
            ["verbs"] = new JsonArray("get"),
        });
        await api.ApplyAsync(kind, new JsonObject { ["metadata"] = Metadata(), ["rules"] = granted });
        await api.ApplyAsync(kind == Role ? RoleBinding : ClusterRoleBinding, new JsonObject
        {
            ["metadata"] = Metadata(),
            ["roleRef"] = new JsonObject { ["apiGroup"] = Group, ["kind"] = kind.Kind, ["name"] = user },
            ["subjects"] = new JsonArray(new JsonObject { ["apiGroup"] = Group, ["kind"] = "User", ["name"] = user }),
        });

        JsonObject Metadata() => new() { ["name"] = user, ["namespace"] = ns };
    }

    // As Helm creates, reads, waits for, upgrades and deletes; and as the controller works in the namespace and lists users' objects.
    private static IEnumerable<(HttpMethod Method, string Path, JsonObject? Body)> Requests(ResourceKind[] optional)
    {
        foreach (var kind in (ResourceKind[])[
            Kinds.Namespace, Definition, ServiceAccount, ClusterRole, ClusterRoleBinding, Role, RoleBinding, Deployment, Kinds.Secret, Kinds.ConfigMap,
            .. optional])
        {
            yield return (HttpMethod.Post, PathOf(kind), Manifest(kind));
            yield return (HttpMethod.Patch, PathOf(kind, named: true), Upgrade(kind));
            if (kind != Kinds.ConfigMap)
            {
                yield return (HttpMethod.Get, PathOf(kind, named: true), null);
            }
        }

        yield return (HttpMethod.Put, PathOf(Kinds.Secret, named: true), Manifest(Kinds.Secret));
        foreach (var kind in (ResourceKind[])[
            Kinds.Namespace, Definition, ServiceAccount, ClusterRole, ClusterRoleBinding, Role, RoleBinding, Deployment, Kinds.Secret, Kinds.ConfigMap,
            ReplicaSet, Pod, PlatformKinds.Repository, .. optional])
        {
            yield return (HttpMethod.Get, PathOf(kind), null);
            yield return (HttpMethod.Get, $"{PathOf(kind)}?watch=true&timeoutSeconds=1", null);
        }

        // The chart keeps its definitions, and nobody deletes the namespace.
        foreach (var kind in (ResourceKind[])[
            ClusterRoleBinding, RoleBinding, ClusterRole, Role, Deployment, ServiceAccount, Kinds.Secret, Kinds.ConfigMap, .. optional])
        {
            yield return (HttpMethod.Delete, PathOf(kind, named: true), null);
        }
    }

    private static string NameOf(ResourceKind kind) =>
        kind == Kinds.Namespace ? ObjectNames.ToolkitNamespace : kind == Definition ? $"widgets.{Name}.example.com" : Name;

    private static string PathOf(ResourceKind kind, bool named = false)
    {
        var root = kind.Group.Length == 0 ? $"api/{kind.Version}" : $"apis/{kind.Group}/{kind.Version}";
        var ns = kind.IsNamespaced && kind.Group != PlatformKinds.ToolkitGroup ? $"/namespaces/{ObjectNames.ToolkitNamespace}" : "";
        return $"{root}{ns}/{kind.Plural}{(named ? $"/{NameOf(kind)}" : "")}";
    }

    private static JsonObject Manifest(ResourceKind kind)
    {
        var manifest = new JsonObject
        {
            ["apiVersion"] = kind.ApiVersion,
            ["kind"] = kind.Kind,
            ["metadata"] = new JsonObject { ["name"] = NameOf(kind) },
        };
        foreach (var field in ContentOf(kind))
        {
            manifest[field.Key] = field.Value?.DeepClone();
        }

        return manifest;
    }

    // Roles with permissions that the user does not have.
    private static JsonObject ContentOf(ResourceKind kind) => JsonNode.Parse(kind.Kind switch
    {
        "ClusterRole" or "Role" => """{ "rules": [{ "apiGroups": ["delivery.ocm.software"], "resources": ["*"], "verbs": ["*"] }] }""",
        "ClusterRoleBinding" or "RoleBinding" => $$"""
            {
              "roleRef": { "apiGroup": "{{Group}}", "kind": "{{kind.Kind[..^"Binding".Length]}}", "name": "{{Name}}" },
              "subjects": [{ "kind": "ServiceAccount", "name": "{{Name}}", "namespace": "{{ObjectNames.ToolkitNamespace}}" }]
            }
            """,
        "Deployment" => """
            {
              "spec": {
                "selector": { "matchLabels": { "a": "b" } },
                "template": { "metadata": { "labels": { "a": "b" } }, "spec": { "containers": [{ "name": "manager", "image": "x" }] } }
              }
            }
            """,
        "Service" => """{ "spec": { "ports": [{ "port": 443 }] } }""",
        "CustomResourceDefinition" => $$"""
            {
              "spec": {
                "group": "{{Name}}.example.com",
                "scope": "Namespaced",
                "names": { "kind": "Widget", "plural": "widgets" },
                "versions": [{ "name": "v1", "served": true, "storage": true, "schema": { "openAPIV3Schema": { "type": "object" } } }]
              }
            }
            """,
        _ => "{}",
    })!.AsObject();

    private static JsonObject DefinitionOf(ResourceKind kind) => JsonNode.Parse(
        $$"""
        {
          "metadata": { "name": "{{kind.Plural}}.{{kind.Group}}" },
          "spec": {
            "group": "{{kind.Group}}",
            "scope": "Namespaced",
            "names": { "kind": "{{kind.Kind}}", "plural": "{{kind.Plural}}" },
            "versions": [{ "name": "{{kind.Version}}", "served": true, "storage": true, "schema": { "openAPIV3Schema": { "type": "object" } } }]
          }
        }
        """)!.AsObject();

    private static JsonObject Upgrade(ResourceKind kind) => kind == ClusterRole || kind == Role
        ? JsonNode.Parse("""{ "rules": [{ "apiGroups": ["delivery.ocm.software"], "resources": ["*"], "verbs": ["get", "deletecollection"] }] }""")!.AsObject()
        : JsonNode.Parse("""{ "metadata": { "labels": { "upgraded": "true" } } }""")!.AsObject();

    private static async Task<HttpStatusCode> StatusOfAsync(HttpClient http, HttpMethod method, string path, JsonObject? body)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            var type = method == HttpMethod.Patch ? "application/merge-patch+json" : "application/json";
            request.Content = new StringContent(body.ToJsonString(), MediaTypeHeaderValue.Parse(type));
        }

        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return response.StatusCode;
    }
}

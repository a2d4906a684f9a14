using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Sandbox.Demo.Files;

namespace ServiceProviderOcm.Tests.Servers;

/// <summary>Teaches clusters further kinds.</summary>
public static class CustomResourceDefinitions
{
    private static readonly ResourceKind Definition = new(
        "apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions", IsNamespaced: false);

    /// <summary>Applies definitions of the platform's and Flux's kinds, and waits until they are served.</summary>
    /// <param name="cluster">Where.</param>
    /// <param name="plurals">The plurals of the kinds.</param>
    public static Task InstallCrdsAsync(this TestCluster cluster, params string[] plurals) =>
        cluster.InstallCrdsAsync(plurals.Select(PlatformCrds.Of));

    /// <summary>
    /// Applies definitions and waits until their kinds are served. Fields that old servers do not support are left out:
    /// <c>x-kubernetes-validations</c>, <c>selectableFields</c>; so are defaults of <c>""</c>.
    /// </summary>
    public static async Task InstallCrdsAsync(this TestCluster cluster, IEnumerable<JsonObject> manifests)
    {
        var simplified = manifests.ToList();
        simplified.ForEach(Simplify);
        await cluster.InstallUnchangedCrdsAsync(simplified);
    }

    /// <summary>The same, without leaving out anything: old servers ignore what they do not support, or reject it.</summary>
    public static async Task InstallUnchangedCrdsAsync(this TestCluster cluster, IEnumerable<JsonObject> manifests)
    {
        foreach (var manifest in manifests)
        {
            manifest.Remove("status");
            var applied = await cluster.Api.ApplyAsync(Definition, manifest);
            await WaitUntilServedAsync(cluster.Api, applied);
        }
    }

    /// <summary>Applies definitions to a server that serves their kinds at once.</summary>
    internal static async Task DefineAsync(this TestKubernetesApi api, IEnumerable<JsonObject> manifests)
    {
        foreach (var manifest in manifests)
        {
            manifest.Remove("status");
            await api.ApplyAsync(Definition, manifest);
        }
    }

    private static async Task WaitUntilServedAsync(TestKubernetesApi api, KubeObject definition)
    {
        await Eventually.Async(
            () => api.GetAsync(Definition, definition.Key, CancellationToken.None), IsEstablished, $"{definition.Name} is established");
        foreach (var version in definition.Json.Items("spec", "versions"))
        {
            var kind = new ResourceKind(
                definition.Json.Text("spec", "group")!,
                version.Text("name")!,
                definition.Json.Text("spec", "names", "kind")!,
                definition.Json.Text("spec", "names", "plural")!,
                definition.Json.Text("spec", "scope") == "Namespaced");
            await Eventually.Async(() => IsServedAsync(api, kind), $"{kind} is served");
        }
    }

    private static bool IsEstablished(KubeObject definition) => definition.Json.Items("status", "conditions")
        .Any(condition => condition.Text("type") == "Established" && condition.Text("status") == "True");

    private static async Task<bool> IsServedAsync(TestKubernetesApi api, ResourceKind kind)
    {
        try
        {
            await api.ListAsync(kind, new ListRequest(Limit: 1), CancellationToken.None);
            return true;
        }
        catch (KubernetesApiException missing) when (missing.IsNotFound)
        {
            return false;
        }
    }

    private static void Simplify(JsonNode? node)
    {
        if (node is JsonArray list)
        {
            foreach (var item in list)
            {
                Simplify(item);
            }
        }

        if (node is not JsonObject map)
        {
            return;
        }

        map.Remove("x-kubernetes-validations");
        map.Remove("selectableFields");
        if (map["default"] is JsonValue value && value.TryGetValue<string>(out var text) && text.Length == 0)
        {
            map.Remove("default");
        }

        foreach (var (_, child) in map)
        {
            Simplify(child);
        }
    }
}

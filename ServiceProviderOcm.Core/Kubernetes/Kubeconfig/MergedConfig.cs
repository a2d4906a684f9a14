using ServiceProviderOcm.Core.Kubernetes.Client;

namespace ServiceProviderOcm.Core.Kubernetes.Kubeconfig;

/// <summary>One or several kubeconfigs read as one: of what is named twice, the first counts.</summary>
internal sealed class MergedConfig(IReadOnlyList<ConfigNode> roots)
{
    private string Name => string.Join(", ", roots.Select(root => root.Origin.Name));

    public ConfigNode Context(string? name)
    {
        var wanted = name
            ?? roots.Select(root => root.Text("current-context")).FirstOrDefault(current => current is not null)
            ?? throw new KubeconfigException($"{Name}: current-context is not set; set it, or choose a context");

        return Find("contexts", wanted, "context")
            ?? throw new KubeconfigException($"{Name}: contexts has no entry '{wanted}'; names are case-sensitive");
    }

    public ConfigNode Cluster(ConfigNode context) =>
        Find("clusters", context.Text("cluster") ?? "", "cluster") ?? throw context.Field("cluster").Error(
            context.Text("cluster") is null ? "is missing" : "names an entry that clusters does not have");

    /// <summary>The user of a context. Null: an anonymous one, as client-go takes one that users does not have.</summary>
    public ConfigNode? User(ConfigNode context) => context.Text("user") is { } name ? Find("users", name, "user") : null;

    private ConfigNode? Find(string list, string name, string content) =>
        roots.SelectMany(root => root.Items(list))
            .FirstOrDefault(entry => !entry.IsNull && (entry.Text("name") ?? "") == name)?.Field(content);
}

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

    public ConfigNode Cluster(ConfigNode context) => Referenced(context, "cluster", "clusters")
        ?? throw context.Field("cluster").Fault("is missing");

    /// <summary>The user of a context, or null for an anonymous one.</summary>
    public ConfigNode? User(ConfigNode context) => Referenced(context, "user", "users");

    private ConfigNode? Referenced(ConfigNode context, string field, string list) => context.Text(field) is not { } name
        ? null
        : Find(list, name, field) ?? throw context.Field(field).Fault($"names an entry that {list} does not have");

    private ConfigNode? Find(string list, string name, string content) =>
        roots.SelectMany(root => root.Items(list)).FirstOrDefault(entry => entry.Text("name") == name)?.Field(content);
}

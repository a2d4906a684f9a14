using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Tests.Servers;

/// <summary>Cleans clusters between tests.</summary>
public static class Cleaning
{
    // The API server recreates the objects in it.
    private const string ServersOwn = "kube-system";

    /// <summary>
    /// Removes all objects of some kinds, against their finalizers, and waits until they are gone. Kinds that the cluster does
    /// not serve are clean, and so is what the server itself needs. Namespaces stay: without a controller, none would ever be gone.
    /// </summary>
    public static async Task CleanAsync(this TestCluster cluster, params ResourceKind[] kinds)
    {
        foreach (var kind in kinds)
        {
            ArgumentOutOfRangeException.ThrowIfEqual(kind, Kinds.Namespace);
            await Eventually.Async(
                () => RemoveAllAsync(cluster.Api, kind), remaining => remaining.Count == 0, $"no {kind} left on {cluster.Name}");
        }
    }

    /// <summary>Removes a namespace with what is in it of some kinds, as the controller would that test servers lack.</summary>
    public static async Task RemoveNamespaceAsync(this TestCluster cluster, string name, params ResourceKind[] kinds)
    {
        foreach (var kind in kinds)
        {
            await Eventually.Async(
                () => RemoveAllAsync(cluster.Api, kind, name), remaining => remaining.Count == 0, $"no {kind} left in {name} on {cluster.Name}");
        }

        var key = ObjectKey.ClusterScoped(name);
        await cluster.Api.DeleteAsync(Kinds.Namespace, key);
        if (await cluster.Api.FindAsync(Kinds.Namespace, key) is { IsBeingDeleted: true } terminating)
        {
            var released = JsonObject.Create(terminating.Json)!;
            released["spec"] = new JsonObject { ["finalizers"] = new JsonArray() };
            await cluster.Api.ReplaceAsync(Kinds.Namespace, KubeObject.From((JsonObject)released.DeepClone()), "finalize");
        }
    }

    private static async Task<IReadOnlyList<KubeObject>> RemoveAllAsync(TestKubernetesApi api, ResourceKind kind, string? ns = null)
    {
        try
        {
            var all = (await api.ListAllAsync(kind)).Where(subject => ns is null ? subject.Namespace != ServersOwn : subject.Namespace == ns).ToList();
            foreach (var subject in all)
            {
                await RemoveAsync(api, kind, subject);
            }

            return all;
        }
        catch (KubernetesApiException notServed) when (notServed.IsNotFound)
        {
            return [];
        }
    }

    private static async Task RemoveAsync(TestKubernetesApi api, ResourceKind kind, KubeObject subject)
    {
        await api.DeleteAsync(kind, subject.Key);
        if (subject.Finalizers.Count > 0 && await api.FindAsync(kind, subject.Key) is not null)
        {
            try
            {
                await api.MergePatchAsync(kind, subject.Key, new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = null } });
            }
            catch (KubernetesApiException gone) when (gone.IsNotFound)
            {
            }
        }
    }
}

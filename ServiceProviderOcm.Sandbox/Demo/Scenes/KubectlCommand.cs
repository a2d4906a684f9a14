using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Sandbox.Demo.Files;
using ServiceProviderOcm.Sandbox.Demo.StandIns;

namespace ServiceProviderOcm.Sandbox.Demo.Scenes;

/// <summary>A command of kubectl, and the request that it sends.</summary>
/// <param name="Cluster">The cluster.</param>
/// <param name="Arguments">What follows the kubeconfig on the command line.</param>
/// <param name="SendAsync">Sends the request.</param>
internal sealed record KubectlCommand(
    ClusterName Cluster, string Arguments, Func<IKubernetesApi, CancellationToken, Task> SendAsync)
{
    /// <summary><c>kubectl patch --type merge</c>.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="kind">The kind of the object.</param>
    /// <param name="key">The object.</param>
    /// <param name="patch">The patch, as JSON.</param>
    public static KubectlCommand Patch(ClusterName cluster, ResourceKind kind, ObjectKey key, string patch) => new(
        cluster,
        $"patch {NameOf(kind, key)} --type merge --patch '{patch}'",
        (api, cancellationToken) => api.MergePatchAsync(kind, key, KubeObject.Parse(patch).Json, null, cancellationToken));

    /// <summary><c>kubectl label</c>.</summary>
    public static KubectlCommand Label(ClusterName cluster, ResourceKind kind, ObjectKey key, string label, string value) => new(
        cluster,
        $"label {NameOf(kind, key)} {label}={value}",
        (api, cancellationToken) => api.MergePatchAsync(
            kind,
            key,
            new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { [label] = value } } },
            cancellationToken));

    /// <summary><c>kubectl delete --wait=false</c>.</summary>
    public static KubectlCommand Delete(ClusterName cluster, ResourceKind kind, ObjectKey key) => new(
        cluster,
        $"delete {NameOf(kind, key)} --wait=false",
        (api, cancellationToken) => api.DeleteAsync(kind, key, cancellationToken));

    /// <summary><c>kubectl apply</c> of a sample.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="kind">The kind of its objects.</param>
    /// <param name="sample">The file.</param>
    public static KubectlCommand Apply(ClusterName cluster, ResourceKind kind, string sample) => new(
        cluster,
        $"apply --filename $DIR/{sample}",
        async (api, cancellationToken) =>
        {
            foreach (var manifest in EmbeddedFiles.Read($"samples/{sample}"))
            {
                await api.ApplyAsync(kind, KubeObject.From(manifest), isForced: true, cancellationToken);
            }
        });

    /// <summary>The command line, with the folder of the kubeconfigs in a variable.</summary>
    public override string ToString() => Line(Cluster, Arguments);

    /// <summary>The command line of any command.</summary>
    public static string Line(ClusterName cluster, string arguments) => $"kubectl --kubeconfig $DIR/{cluster.Name}.yaml {arguments}";

    private static string NameOf(ResourceKind kind, ObjectKey key) =>
        $"{kind.Kind.ToLowerInvariant()} {(kind.IsNamespaced ? $"--namespace {key.Namespace} " : "")}{key.Name}";
}

using System.Net;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Setup;

namespace ServiceProviderOcm.Core.Tools.Check;

/// <summary>Checks that are made on more than one cluster.</summary>
internal static class CommonChecks
{
    /// <summary>Whether one of our definitions is there and of this release.</summary>
    /// <param name="label">The cluster, as names of findings begin.</param>
    /// <param name="api">What is served.</param>
    /// <param name="kind">The kind that is defined.</param>
    /// <param name="readerAsync">Who may read the definition, of those who may look at the cluster.</param>
    public static Check Definition(
        string label, ProviderApi api, ResourceKind kind, Func<KubernetesApi, CancellationToken, Task<KubernetesApi>> readerAsync) =>
        Check.Of($"{label} definition {kind.QualifiedPlural}", async (name, cluster, cancellationToken) =>
        {
            var wanted = ProviderCrds.Of(api).Single(definition => definition.Name == kind.QualifiedPlural);
            try
            {
                var reader = await readerAsync(cluster, cancellationToken);
                var there = await reader.FindAsync(Kinds.CustomResourceDefinition, wanted.Key, cancellationToken);
                return DefinitionFindings.Of(name, cluster.ClusterName, kind, wanted, there);
            }
            catch (KubernetesApiException refusal) when (refusal.Code == (int)HttpStatusCode.Forbidden)
            {
                var served = await cluster.GetServedVersionsAsync(kind, cancellationToken);
                return DefinitionFindings.Unread(name, cluster.ClusterName, kind, served, refusal);
            }
        });

    /// <summary>Whether we are allowed what we need.</summary>
    /// <param name="label">The cluster, as names of findings begin.</param>
    /// <param name="needed">What we need.</param>
    /// <param name="cure">How to come by it.</param>
    public static Check Permission(string label, NeededPermission needed, string cure) =>
        Check.Of($"{label} permission {needed.Subject}", async (name, cluster, cancellationToken) =>
            PermissionFindings.Of(name, cluster.ClusterName, needed, await cluster.MissingAsync(needed, cancellationToken), cure));
}

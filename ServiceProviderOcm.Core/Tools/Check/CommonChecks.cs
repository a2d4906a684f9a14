using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Setup;

namespace ServiceProviderOcm.Core.Tools.Check;

/// <summary>Checks that are made on more than one cluster.</summary>
internal static class CommonChecks
{
    /// <summary>Checks that a CustomResourceDefinition is installed and of this release.</summary>
    /// <param name="label">The cluster; the names of the results begin with it.</param>
    /// <param name="api">What is served.</param>
    /// <param name="kind">The kind that is defined.</param>
    /// <param name="readerAsync">Returns the client that may read definitions.</param>
    public static Check Definition(
        string label, ProviderApi api, ResourceKind kind, Func<KubernetesApi, CancellationToken, Task<KubernetesApi>> readerAsync) =>
        Check.Of($"{label} definition {kind.QualifiedPlural}", async (name, cluster, cancellationToken) =>
        {
            var wanted = ProviderCrds.Of(api).Single(definition => definition.Name == kind.QualifiedPlural);
            try
            {
                var reader = await readerAsync(cluster, cancellationToken);
                var there = await reader.FindAsync(Kinds.CustomResourceDefinition, wanted.Key, cancellationToken);
                return DefinitionCheck.Of(name, cluster.ClusterName, kind, wanted, there);
            }
            catch (KubernetesApiException forbidden) when (forbidden.IsForbidden)
            {
                var served = await cluster.GetServedVersionsAsync(kind, cancellationToken);
                return DefinitionCheck.Unread(name, cluster.ClusterName, kind, served, forbidden);
            }
        });

    /// <summary>Checks that a permission is granted.</summary>
    /// <param name="label">The cluster; the names of the results begin with it.</param>
    /// <param name="needed">The permission.</param>
    /// <param name="fix">What to do if it is missing.</param>
    public static Check Permission(string label, RequiredPermission needed, string fix) =>
        Check.Of($"{label} permission {needed.Subject}", async (name, cluster, cancellationToken) =>
            PermissionCheck.Of(name, cluster.ClusterName, needed, await cluster.MissingAsync(needed, cancellationToken), fix));
}

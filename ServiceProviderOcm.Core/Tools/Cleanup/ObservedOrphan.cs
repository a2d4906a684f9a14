using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Kubeconfig;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Core.Model.Orphans;

namespace ServiceProviderOcm.Core.Tools.Cleanup;

/// <summary>The orphaned objects of one tenant at one moment, and what their deletion depends on.</summary>
/// <param name="Observation">The observation, without OCM.</param>
/// <param name="ControlPlaneName">The name of the control plane, for messages.</param>
/// <param name="Reader">The connection to the control plane; null if it is not needed, or if there is no access.</param>
internal sealed record ObservedOrphan(Observation Observation, string ControlPlaneName, ControlPlaneReader? Reader) : IDisposable
{
    /// <summary>Reads the objects.</summary>
    /// <exception cref="KubernetesApiException">A request to the platform cluster failed.</exception>
    public static async Task<ObservedOrphan> ReadAsync(
        OrphanedTenant tenant,
        Identity identity,
        IKubernetesApi platform,
        KubeconfigConnector connector,
        InformerLimits limits,
        DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var found = OrphanFinder.Orphan(
            identity, tenant.Namespace, await platform.ManagedObjectsAsync(identity.Api, tenant.Namespace, cancellationToken));
        var access = Of(PlatformKinds.AccessRequest);
        var name = tenant.Ocm?.Name ?? access?.Text("spec", "requestRef", "name") ?? "";
        var requests = await platform.ListAllAsync(PlatformKinds.ClusterRequest, new WatchScope(tenant.Namespace), cancellationToken);
        var clusterRequest = requests.Objects.FirstOrDefault(request => name.Length == 0 || request.Name == name);
        var observation = new Observation
        {
            Identity = identity,
            Now = now,
            Ocm = null,
            TenantNamespaceName = tenant.Namespace,
            Config = InstallConfig.Missing(identity),
            ClusterRequest = clusterRequest,
            AccessRequest = access,
            SecretCopies = [.. All(Kinds.Secret)],
            OciRepository = Of(PlatformKinds.OciRepository),
            HelmRelease = Of(PlatformKinds.HelmRelease),
        };
        var reader = clusterRequest is not null && access is { IsBeingDeleted: false } && AccessGrant.IsUsable(access)
            ? await ControlPlaneReader.ReadAsync(
                connector, platform, new ObjectKey(tenant.Namespace, AccessGrant.SecretName(access)), identity.Api, limits, cancellationToken)
            : null;
        return new ObservedOrphan(
            observation with
            {
                UserObjects = reader?.UserObjects ?? ObservedUserObjects.Unknown,
                ControlPlane = reader?.Managed ?? ObservedControlPlane.Unknown,
            },
            name.Length == 0 ? tenant.Namespace : name,
            reader);

        IEnumerable<KubeObject> All(ResourceKind kind) =>
            found?.Objects.Where(each => each.Kind == kind).Select(each => each.Observed) ?? [];

        KubeObject? Of(ResourceKind kind) => All(kind).FirstOrDefault();
    }

    /// <inheritdoc/>
    public void Dispose() => Reader?.Dispose();
}

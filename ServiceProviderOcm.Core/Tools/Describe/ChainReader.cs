using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Kubeconfig;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Naming;

namespace ServiceProviderOcm.Core.Tools.Describe;

/// <summary>
/// Reads an OCM's objects from all clusters (read-only). That an object cannot be read is a part of the result.
/// </summary>
/// <param name="api">The API group.</param>
/// <param name="onboarding">The onboarding cluster.</param>
/// <param name="platform">The platform cluster; null if it is not known.</param>
/// <param name="connector">Makes the connection to the control plane.</param>
/// <param name="time">Clock.</param>
public sealed class ChainReader(
    ProviderApi api, IKubernetesApi onboarding, IKubernetesApi? platform, KubeconfigConnector connector, TimeProvider time)
{
    private const string PlatformCluster = "platform cluster";
    private const string ControlPlane = "control plane";
    private const string NotGiven = "Not read: set --kubeconfig for the platform cluster.";

    private static readonly TimeSpan ControlPlaneTimeout = TimeSpan.FromSeconds(15);
    private static readonly ObjectKey ToolkitNamespace = ObjectKey.ClusterScoped(ObjectNames.ToolkitNamespace);

    /// <summary>Reads.</summary>
    /// <param name="ocm">The OCM.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    public async Task<ChainInputs> ReadAsync(KubeObject ocm, CancellationToken cancellationToken)
    {
        var tenant = PlatformNames.TenantNamespace(ocm.Namespace, ocm.Name);
        var access = await FindAsync(
            PlatformKinds.AccessRequest, new ObjectKey(tenant, ObjectNames.AccessRequest(api, ocm.Name)), cancellationToken);
        var (copies, copiesError) = await ListAsync(
            platform, Kinds.Secret, new WatchScope(tenant, ObjectNames.CopySelector(api)), cancellationToken);
        var (kubeconfig, controlPlane) = await ControlPlaneAsync(access, tenant, cancellationToken);
        var ocmEvents = await ListAsync(onboarding, Kinds.Event, new WatchScope(ocm.Namespace), cancellationToken);
        var platformEvents = platform is null ? ([], "") : await ListAsync(platform, Kinds.Event, new WatchScope(tenant), cancellationToken);
        var flux = new ObjectKey(tenant, ObjectNames.Flux);
        return new ChainInputs(
            api,
            ocm,
            [
                new ReadObject(onboarding.ClusterName, api.Ocm, ocm.Key, ocm),
                await FindAsync(Kinds.Namespace, ObjectKey.ClusterScoped(tenant), cancellationToken),
                await FindAsync(PlatformKinds.ClusterRequest, new ObjectKey(tenant, ocm.Name), cancellationToken),
                access,
                .. copiesError.Length > 0
                    ? [new ReadObject(PlatformCluster, Kinds.Secret, new ObjectKey(tenant, $"{ObjectNames.SecretCopyPrefix}*"), null, copiesError)]
                    : copies.OrderBy(copy => copy.Name, StringComparer.Ordinal)
                        .Select(copy => new ReadObject(PlatformCluster, Kinds.Secret, copy.Key, copy)),
                await FindAsync(PlatformKinds.OciRepository, flux, cancellationToken),
                await FindAsync(PlatformKinds.HelmRelease, flux, cancellationToken),
                controlPlane,
            ])
        {
            Events = [.. ocmEvents.Objects, .. platformEvents.Item1],
            EventErrors = [.. new[] { ocmEvents.Error, platformEvents.Item2 }.Where(error => error.Length > 0)],
            Secrets = kubeconfig is null ? copies : [.. copies, kubeconfig],
        };
    }

    private async Task<ReadObject> FindAsync(ResourceKind kind, ObjectKey key, CancellationToken cancellationToken)
    {
        var scope = WatchScope.Named(key.Name, kind.IsNamespaced ? key.Namespace : null);
        var (objects, error) = await ListAsync(platform, kind, scope, cancellationToken);
        return new ReadObject(PlatformCluster, kind, key, objects.FirstOrDefault(found => found.Name == key.Name), error);
    }

    // The requests are those of the controller, so that no other permission is needed.
    private static async Task<(IReadOnlyList<KubeObject> Objects, string Error)> ListAsync(
        IKubernetesApi? cluster, ResourceKind kind, WatchScope scope, CancellationToken cancellationToken)
    {
        if (cluster is null)
        {
            return ([], NotGiven);
        }

        try
        {
            var listing = await cluster.ListAllAsync(kind, scope, cancellationToken);
            return listing.Unreadable is [var first, ..]
                ? (listing.Objects, ErrorOf(cluster, kind, ApiErrors.Unreadable(kind, first)))
                : (listing.Objects, "");
        }
        catch (KubernetesApiException exception)
        {
            return ([], exception.IsNotFound
                ? $"{kind.QualifiedPlural} is not served by the {cluster.ClusterName}."
                : ErrorOf(cluster, kind, exception));
        }
    }

    private static string ErrorOf(IKubernetesApi cluster, ResourceKind kind, KubernetesApiException exception) =>
        $"{kind.QualifiedPlural} cannot be read on the {cluster.ClusterName}: {exception.Message.TrimEnd('.')}. {ApiErrorAdvice.ForCommand(exception)}";

    private async Task<(KubeObject? Kubeconfig, ReadObject Namespace)> ControlPlaneAsync(
        ReadObject access, string tenant, CancellationToken cancellationToken)
    {
        if (platform is null)
        {
            return (null, Unread(NotGiven));
        }

        if (access.Found is not { } request || !AccessGrant.IsUsable(request))
        {
            return (null, Unread("Not read: access to the control plane is not granted."));
        }

        var key = new ObjectKey(tenant, AccessGrant.SecretName(request));
        var (secrets, error) = await ListAsync(platform, Kinds.Secret, WatchScope.Named(key.Name, key.Namespace), cancellationToken);
        if (error.Length > 0)
        {
            return (null, Unread(error));
        }

        var secret = secrets.FirstOrDefault(found => found.Name == key.Name);
        using var source = connector.CreateSource($"Secret {key}");
        return KubeconfigSecret.TryUpdate(source, platform, key, secret, out var unusable)
            ? (secret, await ToolkitNamespaceAsync(connector.CreateApi(source), cancellationToken))
            : (secret, Unread($"Not read: {unusable}."));
    }

    private async Task<ReadObject> ToolkitNamespaceAsync(IKubernetesApi controlPlane, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(ControlPlaneTimeout, time);
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            var (objects, error) = await ListAsync(
                controlPlane, Kinds.Namespace, WatchScope.Named(ToolkitNamespace.Name), waiting.Token);
            return new ReadObject(
                ControlPlane, Kinds.Namespace, ToolkitNamespace, objects.FirstOrDefault(found => found.Name == ToolkitNamespace.Name), error);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Unread($"The control plane did not answer within {ControlPlaneTimeout.TotalSeconds:0}s. Check that it is reachable from here.");
        }
    }

    private static ReadObject Unread(string error) => new(ControlPlane, Kinds.Namespace, ToolkitNamespace, null, error);
}

using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Kubeconfig;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;

namespace ServiceProviderOcm.Core.Tools.Cleanup;

/// <summary>Reads once, from a control plane, what a deletion depends on.</summary>
internal sealed class ControlPlaneReader : IDisposable
{
    private readonly KubeconfigSecretSource _source;

    private ControlPlaneReader(KubeconfigSecretSource source, IKubernetesApi api, string error)
    {
        _source = source;
        Api = api;
        UserObjects = ObservedUserObjects.Unreachable(error);
        Managed = ObservedControlPlane.Unreachable(error);
    }

    /// <summary>The control plane.</summary>
    public IKubernetesApi Api { get; }

    /// <summary>The users' objects.</summary>
    public ObservedUserObjects UserObjects { get; private set; }

    /// <summary>The managed objects.</summary>
    public ObservedControlPlane Managed { get; private set; }

    /// <summary>Connects and reads. That the control plane is unreachable is part of the result.</summary>
    /// <param name="connector">Makes the connection.</param>
    /// <param name="platform">The cluster with the kubeconfig.</param>
    /// <param name="secret">The Secret with the kubeconfig.</param>
    /// <param name="api">The API group.</param>
    /// <param name="limits">How much of the control plane is read, per kind.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    /// <exception cref="KubernetesApiException">The Secret cannot be read.</exception>
    public static async Task<ControlPlaneReader> ReadAsync(
        KubeconfigConnector connector,
        IKubernetesApi platform,
        ObjectKey secret,
        ProviderApi api,
        InformerLimits limits,
        CancellationToken cancellationToken)
    {
        var source = connector.CreateSource($"Secret {secret}");
        try
        {
            var found = await platform.FindAsync(Kinds.Secret, secret, cancellationToken);
            var isUsable = KubeconfigSecret.TryUpdate(source, platform, secret, found, out var error);
            var reader = new ControlPlaneReader(source, connector.CreateApi(source), error);
            if (isUsable)
            {
                await reader.ReadAsync(api, limits, cancellationToken);
            }

            return reader;
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _source.Dispose();

    private async Task ReadAsync(ProviderApi api, InformerLimits limits, CancellationToken cancellationToken)
    {
        try
        {
            UserObjects = ObservedUserObjects.Of(await UserObjectsAsync(cancellationToken));
            var managed = new WatchScope(ObjectNames.ToolkitNamespace, ObjectNames.CopySelector(api));
            List<(ResourceKind, string, UnreadableObject)> unreadable = [];
            var namespaces = await ListAsync(Kinds.Namespace, WatchScope.Named(ObjectNames.ToolkitNamespace));
            Managed = ObservedControlPlane.Of(
                namespaces.FirstOrDefault(found => found.Name == ObjectNames.ToolkitNamespace),
                await ListAsync(Kinds.Secret, managed),
                await ListAsync(Kinds.ConfigMap, managed)) with
            {
                Unreadable = UnreadableControlPlaneObjects.Of(unreadable, ApiErrors.Unreadable),
            };

            async Task<IReadOnlyList<KubeObject>> ListAsync(ResourceKind kind, WatchScope scope)
            {
                var listing = await Api.ListAllAsync(kind, scope, limits, cancellationToken);
                unreadable.AddRange(listing.Unreadable.Select(each => (kind, each.Key.Name, each)));
                return [.. listing.Objects.Where(found => found.Key.IsValid)];
            }
        }
        catch (KubernetesApiException exception)
        {
            UserObjects = UserObjects.Status == ObservationStatus.Known ? UserObjects : ObservedUserObjects.Unreachable(exception.Message);
            Managed = ObservedControlPlane.Unreachable(exception.Message);
        }
    }

    private async Task<IEnumerable<UserObjectsOfKind>> UserObjectsAsync(CancellationToken cancellationToken)
    {
        List<UserObjectsOfKind> found = [];
        foreach (var kind in await Api.DiscoverAsync(PlatformKinds.ToolkitGroup, cancellationToken))
        {
            found.Add(UserObjectsOfKind.Of(kind.Kind, await NamesAsync(kind, cancellationToken)));
        }

        return found;
    }

    // The first page is enough: one object blocks the deletion.
    private async Task<IReadOnlyCollection<string>> NamesAsync(ResourceKind kind, CancellationToken cancellationToken)
    {
        try
        {
            var page = await Api.ListAsync(kind, new ListRequest { IsMetadataOnly = true }, cancellationToken);
            return [.. page.Items.Select(item => item.Key.Shown), .. page.Unreadable.Select(each => each.Name)];
        }
        catch (KubernetesApiException exception) when (exception.IsNotFound)
        {
            return [];
        }
    }
}

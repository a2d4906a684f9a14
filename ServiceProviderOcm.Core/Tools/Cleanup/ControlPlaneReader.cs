using ServiceProviderOcm.Core.Kubernetes.Client;
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
    /// <param name="cancellationToken">Cancels the requests.</param>
    /// <exception cref="KubernetesApiException">The Secret cannot be read.</exception>
    public static async Task<ControlPlaneReader> ReadAsync(
        KubeconfigConnector connector, IKubernetesApi platform, ObjectKey secret, ProviderApi api, CancellationToken cancellationToken)
    {
        var source = connector.CreateSource($"Secret {secret}");
        try
        {
            var found = await platform.FindAsync(Kinds.Secret, secret, cancellationToken);
            var isUsable = KubeconfigSecret.TryUpdate(source, platform, secret, found, out var error);
            var reader = new ControlPlaneReader(source, connector.CreateApi(source), error);
            if (isUsable)
            {
                await reader.ReadAsync(api, cancellationToken);
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

    private async Task ReadAsync(ProviderApi api, CancellationToken cancellationToken)
    {
        try
        {
            UserObjects = ObservedUserObjects.Of([.. await UserObjectsAsync(cancellationToken)]);
            List<UnreadableControlPlaneObject> unreadable = [];
            Managed = ObservedControlPlane.Of(
                await Api.FindAsync(Kinds.Namespace, ObjectKey.ClusterScoped(ObjectNames.ToolkitNamespace), cancellationToken),
                await ManagedAsync(Kinds.Secret, unreadable),
                await ManagedAsync(Kinds.ConfigMap, unreadable)) with
            {
                Unreadable = unreadable,
            };
        }
        catch (KubernetesApiException exception)
        {
            UserObjects = UserObjects.Status == ObservationStatus.Known ? UserObjects : ObservedUserObjects.Unreachable(exception.Message);
            Managed = ObservedControlPlane.Unreachable(exception.Message);
        }

        async Task<IReadOnlyList<KubeObject>> ManagedAsync(ResourceKind kind, List<UnreadableControlPlaneObject> unreadable)
        {
            var listed = await ManagedObjectLists.ListAsync(
                Api, kind, new ListRequest(ObjectNames.ToolkitNamespace, ObjectNames.CopySelector(api)), cancellationToken);
            unreadable.AddRange(listed.Unreadable.Select(each => new UnreadableControlPlaneObject(kind, each.Key, ApiErrors.Unreadable(kind, each))));
            return listed.Items;
        }
    }

    // The first page is enough: one object blocks the deletion.
    private async Task<IEnumerable<string>> UserObjectsAsync(CancellationToken cancellationToken)
    {
        try
        {
            var page = await Api.ListAsync(PlatformKinds.Repository, new ListRequest(), cancellationToken);
            return page.Items.Select(repository => repository.Key.ToString()).Concat(page.Unreadable.Select(each => each.Name));
        }
        catch (KubernetesApiException exception) when (exception.IsNotFound)
        {
            return [];
        }
    }
}

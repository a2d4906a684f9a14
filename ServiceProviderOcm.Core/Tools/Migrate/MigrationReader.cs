using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Kubeconfig;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Naming;
using ServiceProviderOcm.Core.Plan;

namespace ServiceProviderOcm.Core.Tools.Migrate;

/// <summary>Reads what exists of all OCMs that are to be moved.</summary>
internal sealed class MigrationReader(
    Identity from, Identity to, IKubernetesApi platform, IKubernetesApi onboarding, KubeconfigConnector connector)
{
    private static readonly ResourceKind[] ControlPlaneKinds = [Kinds.Secret, Kinds.ConfigMap];

    private static readonly InformerLimits ControlPlaneLimits = new() { Objects = 5_000, StoreBytes = 16 << 20, Pages = 100 };

    // Control planes on which nothing is left to relabel, by how far the migration of the OCM is.
    private readonly HashSet<(ObjectKey Ocm, string Progress)> _relabelled = [];

    /// <summary>Whether the OCMs of the new group need not be known, as for a dry run with the access of a controller of the old group.</summary>
    public bool MayLackCopies { get; init; }

    /// <summary>Why the OCMs of the new group are not known; empty if they are.</summary>
    public string CopiesError { get; private set; } = "";

    /// <summary>Reads everything.</summary>
    /// <exception cref="KubernetesApiException">A request failed; control planes that are unreachable are part of the result.</exception>
    public async Task<IReadOnlyList<TenantObjects>> ReadAsync(CancellationToken cancellationToken)
    {
        var old = (await OcmsAsync(from.Api, cancellationToken)).ToDictionary(ocm => ocm.Key);
        var copies = (await CopiesAsync(cancellationToken)).ToDictionary(ocm => ocm.Key);
        var requests = await ListAsync(platform, PlatformKinds.AccessRequest, WatchScope.Everything, cancellationToken);
        var access = requests.ToDictionary(request => request.Key);
        var secrets = await ListAsync(
            platform, Kinds.Secret, new WatchScope(LabelSelector: ObjectNames.CopySelector(from.Api)) { IsMetadataOnly = true }, cancellationToken);
        var secretsOf = secrets.ToLookup(secret => secret.Namespace, StringComparer.Ordinal);
        var releases = await FluxAsync(PlatformKinds.HelmRelease, cancellationToken);
        var repositories = await FluxAsync(PlatformKinds.OciRepository, cancellationToken);

        var keys = old.Keys
            .Concat(copies.Values.Where(copy => MigrationMarks.HasArrived(copy, to.Api)).Select(copy => copy.Key))
            .Concat(requests.Where(IsLeftOver).Select(OcmOf))
            .Distinct()
            .OrderBy(key => key.Namespace, StringComparer.Ordinal)
            .ThenBy(key => key.Name, StringComparer.Ordinal);
        List<TenantObjects> tenants = [];
        foreach (var key in keys)
        {
            var ns = PlatformNames.TenantNamespace(key.Namespace, key.Name);
            var tenant = new TenantObjects(key)
            {
                Old = old.GetValueOrDefault(key),
                New = copies.GetValueOrDefault(key),
                IsNewUnknown = CopiesError.Length > 0,
                OldAccess = access.GetValueOrDefault(new ObjectKey(ns, ObjectNames.AccessRequest(from.Api, key.Name))) is { } found
                    && IsOwn(found, key) ? found : null,
                NewAccess = access.GetValueOrDefault(new ObjectKey(ns, ObjectNames.AccessRequest(to.Api, key.Name))),
                HelmRelease = releases.GetValueOrDefault(ns),
                OciRepository = repositories.GetValueOrDefault(ns),
                SecretCopies = [.. secretsOf[ns]],
            };
            tenants.Add(await WithControlPlaneAsync(tenant, cancellationToken));
        }

        return tenants;
    }

    /// <summary>Connects to the control plane of an OCM by the access of the old group.</summary>
    /// <param name="access">The AccessRequest.</param>
    /// <param name="useAsync">Uses the connection.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    /// <exception cref="KubernetesApiException">A request failed, or there is no usable kubeconfig.</exception>
    public async Task<T> ConnectAsync<T>(KubeObject access, Func<IKubernetesApi, Task<T>> useAsync, CancellationToken cancellationToken)
    {
        var secret = new ObjectKey(access.Namespace, AccessGrant.SecretName(access) ?? "");
        using var source = connector.CreateSource($"Secret {secret}");
        var found = await platform.FindAsync(Kinds.Secret, secret, cancellationToken);
        return KubeconfigSecret.TryUpdate(source, platform, secret, found, out var error)
            ? await useAsync(connector.CreateApi(source))
            : throw new KubernetesApiException(0, "NotConnected", error);
    }

    private async Task<TenantObjects> WithControlPlaneAsync(TenantObjects tenant, CancellationToken cancellationToken)
    {
        if (tenant is not { Old: { } old, OldAccess: { IsBeingDeleted: false } access }
            || !access.Annotations.ContainsKey(ObjectNames.ControlPlaneObjectsAnnotation(from.Api))
            || _relabelled.Contains((tenant.Ocm, Progress(tenant))))
        {
            return tenant;
        }

        try
        {
            var found = await ConnectAsync(access, api => ManagedAsync(api, cancellationToken), cancellationToken);
            if (found.Count == 0 && MigrationMarks.IsMoving(old, from.Api))
            {
                _relabelled.Add((tenant.Ocm, Progress(tenant)));
            }

            return tenant with { ControlPlaneObjects = found };
        }
        catch (KubernetesApiException exception)
        {
            return await ExistsAsync(tenant.Ocm, cancellationToken) ? tenant with { ControlPlaneError = exception.Message } : tenant;
        }
    }

    // A reconciliation that the old controller has begun before the OCM was marked may still create an object. It has ended long before the
    // copy is released, Ready or deleted, after each of which the control plane is read once more.
    private string Progress(TenantObjects tenant) => tenant switch
    {
        { Old.IsBeingDeleted: true } or { New.IsBeingDeleted: true } => "Deleting",
        { New: null } => "Marked",
        { New: { } copy } when MigrationMarks.IsHeld(copy, to.Api) => "Copied",
        { New: { } copy } when copy.ReadyCondition.Text("status") == "True" => "Ready",
        _ => "Released",
    };

    // As in the deletion of an OCM: the control plane is gone once its ClusterRequest is.
    private async Task<bool> ExistsAsync(ObjectKey ocm, CancellationToken cancellationToken)
    {
        var request = new ObjectKey(PlatformNames.TenantNamespace(ocm.Namespace, ocm.Name), ocm.Name);
        try
        {
            return await platform.FindAsync(PlatformKinds.ClusterRequest, request, cancellationToken) is not null;
        }
        catch (KubernetesApiException)
        {
            return true;
        }
    }

    private async Task<IReadOnlyList<(ResourceKind Kind, KubeObject Object)>> ManagedAsync(
        IKubernetesApi controlPlane, CancellationToken cancellationToken)
    {
        List<(ResourceKind, KubeObject)> found = [];
        foreach (var kind in ControlPlaneKinds)
        {
            var scope = new WatchScope(ObjectNames.ToolkitNamespace, ObjectNames.CopySelector(from.Api)) { IsMetadataOnly = true };
            var listing = await controlPlane.ListAllAsync(kind, scope, ControlPlaneLimits, cancellationToken);
            found.AddRange(listing.Objects.Select(item => (kind, item)));
        }

        return found;
    }

    // Others may have one of the same name. Neither the Go provider nor earlier releases name the provider.
    private bool IsOwn(KubeObject request, ObjectKey ocm) =>
        AccessRequests.IsManagedFor(request, from.Api, ocm)
        && request.Labels.GetValueOrDefault(ObjectNames.ProviderLabel(from.Api), ObjectNames.LabelValue(from.ProviderName))
            == ObjectNames.LabelValue(from.ProviderName)
        && request.Text("spec", "requestRef", "name") == ocm.Name;

    private bool IsLeftOver(KubeObject request) => IsOwn(request, OcmOf(request))
        && request.Annotations.GetValueOrDefault(ObjectNames.MigrationAnnotation(from.Api)) == MigrationMarks.MovesTo(to.Api);

    // The request refers to the control plane, which has the name of the OCM.
    private static ObjectKey OcmOf(KubeObject request) => new(
        request.Labels.GetValueOrDefault(ObjectNames.OnboardingNamespaceLabel, ""), request.Text("spec", "requestRef", "name") ?? "");

    private async Task<IReadOnlyList<KubeObject>> CopiesAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await OcmsAsync(to.Api, cancellationToken);
        }
        catch (KubernetesApiException exception) when (MayLackCopies && exception.IsForbidden)
        {
            CopiesError = exception.Message;
            return [];
        }
    }

    // A kind that is not served has no objects.
    private async Task<IReadOnlyList<KubeObject>> OcmsAsync(ProviderApi api, CancellationToken cancellationToken)
    {
        try
        {
            return await ListAsync(onboarding, api.Ocm, WatchScope.Everything, cancellationToken);
        }
        catch (KubernetesApiException exception) when (exception.IsNotFound)
        {
            return [];
        }
    }

    // What cannot be read cannot be moved, and must not be taken for missing.
    private static async Task<IReadOnlyList<KubeObject>> ListAsync(
        IKubernetesApi api, ResourceKind kind, WatchScope scope, CancellationToken cancellationToken)
    {
        var listing = await api.ListAllAsync(kind, scope, cancellationToken);
        return listing.Unreadable is [var unreadable, ..] ? throw ApiErrors.Unreadable(kind, unreadable) : listing.Objects;
    }

    private async Task<IReadOnlyDictionary<string, KubeObject>> FluxAsync(ResourceKind kind, CancellationToken cancellationToken) =>
        (await ListAsync(platform, kind, WatchScope.Named(ObjectNames.Flux), cancellationToken))
        .Where(item => item.Name == ObjectNames.Flux)
        .ToDictionary(item => item.Namespace, StringComparer.Ordinal);
}

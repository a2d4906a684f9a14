using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Text;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.Configuration;

namespace ServiceProviderOcm.Core.Model;

/// <summary>
/// Everything that a decision about one OCM is made on, at one moment, from the informers' stores. An object that does not
/// exist is null.
/// </summary>
public sealed record Observation
{
    /// <summary>The identity of the provider.</summary>
    public required Identity Identity { get; init; }

    /// <summary>The moment, for <c>lastTransitionTime</c>.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>The tenant's object.</summary>
    public required KubeObject? Ocm { get; init; }

    /// <summary>The name of the tenant's namespace on the platform cluster.</summary>
    public required string TenantNamespaceName { get; init; }

    /// <summary>The kinds whose stores may not be relied on now.</summary>
    public IReadOnlyList<StaleSource> StaleSources { get; init; } = [];

    /// <summary>The one ProviderConfig that counts, parsed; or an earlier revision of it that the OCM is at.</summary>
    public required InstallConfig Config { get; init; }

    /// <summary>The revision of <see cref="Config"/>, as far as the OCM is concerned.</summary>
    public TenantRevision Revision { get; init; } = TenantRevision.None;

    /// <summary>What the OCM's user should know of its version, although it is installed; null if there is nothing.</summary>
    public VersionWarning? VersionWarning => Config.WarningOf(Ocm?.Text("spec", "version") ?? "");

    /// <summary>The Secrets of the provider's namespace that the ProviderConfig refers to and that exist, by name.</summary>
    public IReadOnlyDictionary<string, KubeObject> SourceSecrets { get; init; } =
        new Dictionary<string, KubeObject>(StringComparer.Ordinal);

    /// <summary>The CA bundle that the ProviderConfig refers to.</summary>
    public CaBundle CaBundle { get; init; } = CaBundle.None;

    /// <summary>The tenant's namespace on the platform cluster.</summary>
    public KubeObject? TenantNamespace { get; init; }

    /// <summary>The request for the tenant's control plane, which the control plane's own controller makes.</summary>
    public KubeObject? ClusterRequest { get; init; }

    /// <summary>The AccessRequest for the tenant's control plane, found by its name.</summary>
    public KubeObject? AccessRequest { get; init; }

    /// <summary>The Secrets in the tenant's namespace with the provider's labels.</summary>
    public IReadOnlyList<KubeObject> SecretCopies { get; init; } = [];

    /// <summary>The Flux source of the chart.</summary>
    public KubeObject? OciRepository { get; init; }

    /// <summary>The Flux release of the chart.</summary>
    public KubeObject? HelmRelease { get; init; }

    /// <summary>
    /// Objects with the name of a managed one that are not managed by this provider. They are never modified or deleted.
    /// </summary>
    public IReadOnlyList<(ResourceKind Kind, KubeObject Object)> ForeignObjects { get; init; } = [];

    /// <summary>The users' objects on the control plane; only listed when a plan needs them.</summary>
    public ObservedUserObjects UserObjects { get; init; } = ObservedUserObjects.Unknown;

    /// <summary>The managed objects on the control plane; only watched when a plan needs them.</summary>
    public ObservedControlPlane ControlPlane { get; init; } = ObservedControlPlane.Unknown;

    /// <summary>
    /// The metadata of Secrets without labels in the toolkit's namespace on the control plane; null while they are not listed, or the list
    /// may be stale.
    /// </summary>
    public IReadOnlyList<KubeObject>? UnlabelledSecrets { get; init; }

    /// <summary>The Secret with the kubeconfig of the control plane, while the control plane is watched.</summary>
    public KubeObject? Kubeconfig { get; init; }

    /// <summary>What the connection to the control plane authenticates with, also while <see cref="Kubeconfig"/> is not kept.</summary>
    public IReadOnlyList<string> Credentials { get; init; } = [];

    /// <summary>The values that no message about the OCM may show, whoever wrote it.</summary>
    public SecretValues Secrets =>
        HeldSecrets.Of([.. SourceSecrets.Values, .. SecretCopies, .. new[] { Kubeconfig }.OfType<KubeObject>()], Credentials);

    /// <summary>Whether a step on the control plane is being applied now.</summary>
    public bool IsControlPlaneBusy { get; init; }

    /// <summary>Whether the operation annotation <c>reconcile</c> was set too often, and is to be carried out later.</summary>
    public bool IsOperationDelayed { get; init; }

    /// <summary>Whether the operation annotation <c>reconcile</c> of the ProviderConfig is still to be carried out for this OCM.</summary>
    public bool IsReapplyRequested { get; init; }

    /// <summary>The limit of the namespace that the OCM is beyond; null if it is within all.</summary>
    public ExceededLimit? ExceededLimit { get; init; }

    /// <summary>What the OCM was waiting for after its last reconciliation.</summary>
    public ObservedWait Wait { get; init; } = ObservedWait.None;

    /// <summary>How long an OCM may wait for one thing before that is a failure.</summary>
    public TimeSpan WaitTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Whether there may be managed objects on the control plane, as the AccessRequest records it.</summary>
    public bool MayHaveControlPlaneObjects =>
        AccessRequest?.Annotations.ContainsKey(ObjectNames.ControlPlaneObjectsAnnotation(Identity.Api)) is true;

    /// <summary>Whether the AccessRequest records that there may be copies of the Go provider on the control plane.</summary>
    public bool RecordsUnlabelledCopies =>
        AccessRequest?.Annotations.ContainsKey(ObjectNames.UnlabelledCopiesAnnotation(Identity.Api)) is true;

    /// <summary>What the API server of the platform cluster does to objects by itself, such as defaults that it adds whenever they are removed.</summary>
    public IReadOnlySet<string> ServerDefaults { get; init; } = new HashSet<string>(StringComparer.Ordinal);
}

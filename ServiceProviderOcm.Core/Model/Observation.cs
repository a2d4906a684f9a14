using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Model;

/// <summary>
/// Everything that a decision about one OCM rests on, at one moment, mostly from the informers' stores.
/// </summary>
public sealed record Observation
{
    /// <summary>Who we are.</summary>
    public required Identity Identity { get; init; }

    /// <summary>The moment, for <c>lastTransitionTime</c>.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>The tenant's object; null if it is gone.</summary>
    public required KubeObject? Ocm { get; init; }

    /// <summary>The name of the tenant's namespace on the platform cluster.</summary>
    public required string TenantNamespaceName { get; init; }

    /// <summary>The kinds whose stores cannot be relied on now, with what is wrong.</summary>
    public IReadOnlyList<SourceTrouble> Troubles { get; init; } = [];

    /// <summary>The one ProviderConfig that counts.</summary>
    public KubeObject? ProviderConfig { get; init; }

    /// <summary>The Secrets of our pod's namespace that the ProviderConfig refers to, by name; what is missing there is not in here.</summary>
    public IReadOnlyDictionary<string, KubeObject> SourceSecrets { get; init; } = new Dictionary<string, KubeObject>(StringComparer.Ordinal);

    /// <summary>The CA bundle that the ProviderConfig refers to; null if it refers to none.</summary>
    public CaBundle? CaBundle { get; init; }

    /// <summary>The tenant's namespace on the platform cluster.</summary>
    public KubeObject? TenantNamespace { get; init; }

    /// <summary>The request for the tenant's control plane, which the control plane's own controller makes.</summary>
    public KubeObject? ClusterRequest { get; init; }

    /// <summary>The request for access to the tenant's control plane, of the name that is ours.</summary>
    public KubeObject? AccessRequest { get; init; }

    /// <summary>The Secrets in the tenant's namespace that bear our labels.</summary>
    public IReadOnlyList<KubeObject> SecretCopies { get; init; } = [];

    /// <summary>The Flux source of the chart.</summary>
    public KubeObject? OciRepository { get; init; }

    /// <summary>The Flux release of the chart.</summary>
    public KubeObject? HelmRelease { get; init; }

    /// <summary>The users' Repository objects on the control plane; only looked at when a plan has asked for it.</summary>
    public ObservedRepositories Repositories { get; init; } = ObservedRepositories.NotYetKnown;

    /// <summary>Our own objects on the control plane; only looked at when a plan has asked for it.</summary>
    public ObservedControlPlane ControlPlane { get; init; } = ObservedControlPlane.NotYetKnown;

    /// <summary>Fields, with their values, that the platform's API server fills in whenever they are removed, as experience has shown.</summary>
    public IReadOnlySet<string> ServerDefaults { get; init; } = new HashSet<string>(StringComparer.Ordinal);
}

using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Tools.Migrate;

/// <summary>What exists of one OCM in both API groups.</summary>
/// <param name="Ocm">Namespace and name.</param>
public sealed record TenantObjects(ObjectKey Ocm)
{
    /// <summary>The OCM of the group that it is moved from.</summary>
    public KubeObject? Old { get; init; }

    /// <summary>The OCM of the group that it is moved to.</summary>
    public KubeObject? New { get; init; }

    /// <summary>Whether an OCM of the new group may exist although none is known.</summary>
    public bool IsNewUnknown { get; init; }

    /// <summary>The AccessRequest of the old OCM.</summary>
    public KubeObject? OldAccess { get; init; }

    /// <summary>The AccessRequest of the new OCM.</summary>
    public KubeObject? NewAccess { get; init; }

    /// <summary>The HelmRelease.</summary>
    public KubeObject? HelmRelease { get; init; }

    /// <summary>The OCIRepository.</summary>
    public KubeObject? OciRepository { get; init; }

    /// <summary>The Secret copies with the labels of the old group.</summary>
    public IReadOnlyList<KubeObject> SecretCopies { get; init; } = [];

    /// <summary>The objects on the control plane with the labels of the old group.</summary>
    public IReadOnlyList<(ResourceKind Kind, KubeObject Object)> ControlPlaneObjects { get; init; } = [];

    /// <summary>Why the objects on the control plane are not known although there are some; empty if they are known.</summary>
    public string ControlPlaneError { get; init; } = "";
}

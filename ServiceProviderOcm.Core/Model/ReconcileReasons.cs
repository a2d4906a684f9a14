namespace ServiceProviderOcm.Core.Model;

/// <summary>Why an OCM is reconciled. Reasons for which it is enqueued while it waits are merged.</summary>
[Flags]
public enum ReconcileReasons
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The OCM itself changed.</summary>
    OcmChanged = 1 << 0,

    /// <summary>The ProviderConfig changed.</summary>
    ProviderConfigChanged = 1 << 1,

    /// <summary>A Secret that the ProviderConfig names changed.</summary>
    SourceSecretChanged = 1 << 2,

    /// <summary>The ConfigMap with the CA bundle changed.</summary>
    CaBundleChanged = 1 << 3,

    /// <summary>The tenant namespace changed.</summary>
    NamespaceChanged = 1 << 4,

    /// <summary>The ClusterRequest changed.</summary>
    ClusterRequestChanged = 1 << 5,

    /// <summary>The AccessRequest changed.</summary>
    AccessRequestChanged = 1 << 6,

    /// <summary>A Secret copy in the tenant namespace changed.</summary>
    SecretChanged = 1 << 7,

    /// <summary>The OCIRepository changed.</summary>
    OciRepositoryChanged = 1 << 8,

    /// <summary>The HelmRelease changed.</summary>
    HelmReleaseChanged = 1 << 9,

    /// <summary>A watched object on the control plane, or the connection to it, changed.</summary>
    ControlPlaneChanged = 1 << 10,

    /// <summary>An informer synced, failed or recovered.</summary>
    InformerChanged = 1 << 11,

    /// <summary>The poll interval is over.</summary>
    Interval = 1 << 12,

    /// <summary>A debounced status is due.</summary>
    Debounce = 1 << 13,

    /// <summary>The last reconciliation failed.</summary>
    Retry = 1 << 14,

    /// <summary>Steps on the control plane are done, or one of them failed.</summary>
    ControlPlaneApplied = 1 << 15,

    /// <summary>The operation annotation was set too often, and is due now.</summary>
    OperationDue = 1 << 16,

    /// <summary>The OCM is within the number of OCMs per namespace now, or beyond it.</summary>
    LimitChanged = 1 << 17,

    /// <summary>What the OCM waits for has lasted as long as it may.</summary>
    WaitOverdue = 1 << 18,

    /// <summary>The stored revisions of the ProviderConfig changed.</summary>
    RevisionsChanged = 1 << 19,

    /// <summary>The rollout of the ProviderConfig has reached the OCM.</summary>
    RolloutAdvanced = 1 << 20,
}

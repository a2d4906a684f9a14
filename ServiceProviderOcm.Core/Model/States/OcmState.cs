namespace ServiceProviderOcm.Core.Model.States;

/// <summary>
/// All states of an OCM. <see cref="OcmStates"/> has the reason and the health of each;
/// <c>docs/conditions.md</c> has the cause and the fix.
/// </summary>
public enum OcmState
{
    /// <summary>The OCM does not exist.</summary>
    Gone,

    /// <summary>The operation annotation says <c>ignore</c>.</summary>
    Ignored,

    /// <summary>The ProviderConfig has the operation annotation <c>ignore</c>.</summary>
    Paused,

    /// <summary>An informer has not synced yet.</summary>
    Starting,

    /// <summary>An object that the plan was made on was deleted meanwhile; its deletion enqueues the OCM.</summary>
    Superseded,

    /// <summary>The OCM is being deleted with the operation annotation <c>reconcile</c>, which is removed first.</summary>
    ReconcileRequested,

    /// <summary>Flux reports Ready, and the connection to the control plane is being opened.</summary>
    Reconnecting,

    /// <summary>The OCM is being deleted without the provider's finalizer.</summary>
    FinalizerRemoved,

    /// <summary>Everything is deleted but the finalizer.</summary>
    Finalizing,

    /// <summary>The toolkit is installed as configured.</summary>
    Ready,

    /// <summary>The ProviderConfig does not exist.</summary>
    ProviderConfigMissing,

    /// <summary>The ProviderConfig is invalid.</summary>
    ProviderConfigInvalid,

    /// <summary>The chart URL is not that of an OCI repository.</summary>
    ChartUrlInvalid,

    /// <summary>The version is not an OCI tag.</summary>
    VersionInvalid,

    /// <summary>The version is not in the catalogue.</summary>
    VersionNotOffered,

    /// <summary>A configured image pull secret does not exist.</summary>
    ImagePullSecretMissing,

    /// <summary>A configured image pull secret is of a type that cannot be used for pulling.</summary>
    ImagePullSecretWrongType,

    /// <summary>The Secret by which charts are verified does not exist.</summary>
    VerificationSecretMissing,

    /// <summary>The Secret by which charts are verified has no keys or certificates for that.</summary>
    VerificationSecretInvalid,

    /// <summary>The ConfigMap of the CA bundle, or the key in it, does not exist.</summary>
    CaBundleMissing,

    /// <summary>The CA bundle cannot be used.</summary>
    CaBundleInvalid,

    /// <summary>A limit of the tenant is exceeded.</summary>
    LimitExceeded,

    /// <summary>The tenant namespace does not exist.</summary>
    TenantNamespaceMissing,

    /// <summary>The tenant namespace is being deleted.</summary>
    TenantNamespaceTerminating,

    /// <summary>The ClusterRequest of the control plane does not exist.</summary>
    ClusterRequestMissing,

    /// <summary>The AccessRequest with the expected name is managed by another component.</summary>
    AccessRequestForeign,

    /// <summary>An earlier AccessRequest is being deleted.</summary>
    AccessRequestTerminating,

    /// <summary>The AccessRequest is not granted yet.</summary>
    AwaitingAccess,

    /// <summary>The AccessRequest is not granted in time.</summary>
    AccessOverdue,

    /// <summary>The AccessRequest is denied.</summary>
    AccessDenied,

    /// <summary>The control plane has not answered yet.</summary>
    AwaitingControlPlane,

    /// <summary>The toolkit's namespace on the control plane is being deleted.</summary>
    ToolkitNamespaceTerminating,

    /// <summary>The control plane is unreachable.</summary>
    ControlPlaneUnreachable,

    /// <summary>A managed object on the control plane cannot be read.</summary>
    ControlPlaneObjectUnreadable,

    /// <summary>Flux has not pulled the chart yet.</summary>
    PullingChart,

    /// <summary>Flux failed to pull the chart.</summary>
    PullFailed,

    /// <summary>Flux failed to verify the signature of the chart.</summary>
    VerificationFailed,

    /// <summary>An earlier OCIRepository is being deleted.</summary>
    OciRepositoryTerminating,

    /// <summary>Flux has not installed the chart yet.</summary>
    Installing,

    /// <summary>Flux has not upgraded the installed chart yet.</summary>
    Upgrading,

    /// <summary>Flux failed to install the chart.</summary>
    InstallFailed,

    /// <summary>Flux failed to upgrade the installed chart.</summary>
    UpgradeFailed,

    /// <summary>An earlier HelmRelease is being deleted.</summary>
    HelmReleaseTerminating,

    /// <summary>An object with the name of a managed one is not managed by this provider.</summary>
    ObjectForeign,

    /// <summary>Another writer keeps overwriting a managed object.</summary>
    Contested,

    /// <summary>The platform cluster does not serve the kinds of Flux.</summary>
    FluxNotInstalled,

    /// <summary>The platform cluster does not serve a kind of openMCP.</summary>
    PlatformNotInstalled,

    /// <summary>The platform cluster is unreachable or fails.</summary>
    PlatformUnavailable,

    /// <summary>The platform cluster forbids a request.</summary>
    PlatformForbidden,

    /// <summary>The platform cluster rejects a request.</summary>
    PlatformRejected,

    /// <summary>A write to the platform cluster conflicts with another one.</summary>
    PlatformConflict,

    /// <summary>The onboarding cluster is unreachable or fails.</summary>
    OnboardingUnavailable,

    /// <summary>The onboarding cluster forbids a request.</summary>
    OnboardingForbidden,

    /// <summary>The onboarding cluster rejects a request.</summary>
    OnboardingRejected,

    /// <summary>A write to the onboarding cluster conflicts with another one.</summary>
    OnboardingConflict,

    /// <summary>The control plane is unreachable or fails during a write.</summary>
    ControlPlaneUnavailable,

    /// <summary>The control plane forbids a request.</summary>
    ControlPlaneForbidden,

    /// <summary>The control plane rejects a request.</summary>
    ControlPlaneRejected,

    /// <summary>A write to the control plane conflicts with another one.</summary>
    ControlPlaneConflict,

    /// <summary>Deletion waits for the grant by which the control plane can be checked for users' objects.</summary>
    AwaitingAccessForDeletion,

    /// <summary>Deletion waits for the list of users' objects on the control plane.</summary>
    CheckingUserObjects,

    /// <summary>Users' objects on the control plane block the deletion, Repository objects among them.</summary>
    DeletionBlocked,

    /// <summary>Users' objects of other kinds block the deletion.</summary>
    DeletionBlockedByOtherKinds,

    /// <summary>Deletion waits for a control plane that is unreachable, so that users' objects cannot be listed.</summary>
    DeletionCheckUnreachable,

    /// <summary>Flux is uninstalling the chart.</summary>
    Uninstalling,

    /// <summary>Flux failed to uninstall the chart.</summary>
    UninstallFailed,

    /// <summary>The OCIRepository is being deleted.</summary>
    DeletingOciRepository,

    /// <summary>The managed objects on the control plane are being deleted.</summary>
    DeletingControlPlaneObjects,

    /// <summary>The control plane is unreachable, so that the managed objects there cannot be deleted.</summary>
    CleanupUnreachable,

    /// <summary>The AccessRequest is being deleted.</summary>
    DeletingAccessRequest,

    /// <summary>The Secret copies are being deleted.</summary>
    DeletingSecretCopies,

    /// <summary>An AccessRequest that is being deleted is not finalized in time.</summary>
    AccessDeletionOverdue,

    /// <summary>The control plane is not connected, or what is done there not finished, in time.</summary>
    ControlPlaneOverdue,

    /// <summary>Flux has neither pulled the chart nor failed in time, or has not finalized the OCIRepository.</summary>
    OciRepositoryOverdue,

    /// <summary>Flux has neither installed, upgraded or uninstalled the chart nor failed in time.</summary>
    HelmReleaseOverdue,

    /// <summary>Secret copies that are being deleted are not finalized in time.</summary>
    SecretDeletionOverdue,
}

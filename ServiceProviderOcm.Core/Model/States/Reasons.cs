namespace ServiceProviderOcm.Core.Model.States;

/// <summary>
/// The reasons of an OCM's Ready condition and of the Events on it. <c>docs/conditions.md</c> has the cause and the fix of each.
/// </summary>
public static class Reasons
{
    /// <summary>Installed and running.</summary>
    public const string ReconcileSuccess = "ReconcileSuccess";

    /// <summary>The ProviderConfig does not exist.</summary>
    public const string ProviderConfigMissing = "ProviderConfigMissing";

    /// <summary>The ProviderConfig is invalid.</summary>
    public const string InvalidProviderConfig = "InvalidProviderConfig";

    /// <summary>The chart URL is not that of an OCI repository.</summary>
    public const string InvalidChartUrl = "InvalidChartURL";

    /// <summary>The version is not an OCI tag.</summary>
    public const string InvalidVersion = "InvalidVersion";

    /// <summary>The version is not in the ProviderConfig's catalogue.</summary>
    public const string VersionNotOffered = "VersionNotOffered";

    /// <summary>A configured image pull secret does not exist.</summary>
    public const string ImagePullSecretMissing = "ImagePullSecretMissing";

    /// <summary>A configured image pull secret is of a type that cannot be used for pulling.</summary>
    public const string ImagePullSecretWrongType = "ImagePullSecretWrongType";

    /// <summary>The Secret by which charts are verified does not exist.</summary>
    public const string VerificationSecretMissing = "VerificationSecretMissing";

    /// <summary>The Secret by which charts are verified has no keys or certificates for that.</summary>
    public const string VerificationSecretInvalid = "VerificationSecretInvalid";

    /// <summary>The ConfigMap of the CA bundle, or the key in it, does not exist.</summary>
    public const string CaBundleMissing = "CABundleMissing";

    /// <summary>The CA bundle cannot be used.</summary>
    public const string CaBundleInvalid = "CABundleInvalid";

    /// <summary>A limit of the tenant is exceeded: the number of OCMs in its namespace, or what its control plane may send.</summary>
    public const string LimitExceeded = "LimitExceeded";

    /// <summary>The tenant namespace does not exist, or is being deleted.</summary>
    public const string TenantNamespaceMissing = "TenantNamespaceMissing";

    /// <summary>The ClusterRequest of the control plane does not exist.</summary>
    public const string ClusterRequestMissing = "ClusterRequestMissing";

    /// <summary>The AccessRequest is not granted yet.</summary>
    public const string AccessRequestPending = "AccessRequestPending";

    /// <summary>The AccessRequest is not granted in time.</summary>
    public const string AccessRequestOverdue = "AccessRequestOverdue";

    /// <summary>The AccessRequest is denied.</summary>
    public const string AccessRequestDenied = "AccessRequestDenied";

    /// <summary>The AccessRequest with the expected name is managed by another component.</summary>
    public const string AccessRequestNotOurs = "AccessRequestNotOurs";

    /// <summary>The platform cluster does not serve the kinds of Flux.</summary>
    public const string FluxNotInstalled = "FluxNotInstalled";

    /// <summary>The platform cluster does not serve a kind of openMCP.</summary>
    public const string PlatformNotInstalled = "PlatformNotInstalled";

    /// <summary>Flux has not pulled the chart yet.</summary>
    public const string OciRepositoryNotReady = "OCIRepositoryNotReady";

    /// <summary>Flux failed to pull the chart.</summary>
    public const string OciRepositoryFailed = "OCIRepositoryFailed";

    /// <summary>Flux failed to verify the signature of the chart.</summary>
    public const string VerificationFailed = "VerificationFailed";

    /// <summary>Flux failed to install or upgrade the chart.</summary>
    public const string HelmReleaseFailed = "HelmReleaseFailed";

    /// <summary>Flux has not installed or upgraded the chart yet.</summary>
    public const string HelmReleaseNotReady = "HelmReleaseNotReady";

    /// <summary>An object with the name of a managed one is not managed by this provider.</summary>
    public const string ObjectNotManaged = "ObjectNotManaged";

    /// <summary>Another writer keeps overwriting a managed object.</summary>
    public const string Contested = "Contested";

    /// <summary>The platform cluster is unreachable or fails.</summary>
    public const string PlatformUnavailable = "PlatformUnavailable";

    /// <summary>The platform cluster forbids a request.</summary>
    public const string PlatformForbidden = "PlatformForbidden";

    /// <summary>The platform cluster rejects a request.</summary>
    public const string PlatformRejected = "PlatformRejected";

    /// <summary>A write to the platform cluster conflicts with another one.</summary>
    public const string PlatformConflict = "PlatformConflict";

    /// <summary>The onboarding cluster is unreachable or fails.</summary>
    public const string OnboardingUnavailable = "OnboardingUnavailable";

    /// <summary>The onboarding cluster forbids a request.</summary>
    public const string OnboardingForbidden = "OnboardingForbidden";

    /// <summary>The onboarding cluster rejects a request.</summary>
    public const string OnboardingRejected = "OnboardingRejected";

    /// <summary>A write to the onboarding cluster conflicts with another one.</summary>
    public const string OnboardingConflict = "OnboardingConflict";

    /// <summary>The control plane is unreachable or fails.</summary>
    public const string ControlPlaneUnavailable = "ControlPlaneUnavailable";

    /// <summary>The control plane forbids a request.</summary>
    public const string ControlPlaneForbidden = "ControlPlaneForbidden";

    /// <summary>The control plane rejects a request, or has a managed object that cannot be read.</summary>
    public const string ControlPlaneRejected = "ControlPlaneRejected";

    /// <summary>A write to the control plane conflicts with another one.</summary>
    public const string ControlPlaneConflict = "ControlPlaneConflict";

    /// <summary>Deletion waits for users' objects, Repository objects among them.</summary>
    public const string RepositoriesExist = "RepositoriesExist";

    /// <summary>Deletion waits for users' objects. Also the reason of the condition DeletionBlocked.</summary>
    public const string UserResourcesPresent = "UserResourcesPresent";

    /// <summary>The control plane has not answered yet.</summary>
    public const string ControlPlanePending = "ControlPlanePending";

    /// <summary>The control plane is unreachable.</summary>
    public const string ControlPlaneUnreachable = "ControlPlaneUnreachable";

    /// <summary>Deletion waits for Flux to uninstall the chart.</summary>
    public const string HelmReleaseDeleting = "HelmReleaseDeleting";

    /// <summary>Flux failed to uninstall the chart; deletion waits.</summary>
    public const string UninstallFailed = "UninstallFailed";

    /// <summary>Deletion waits for the OCIRepository.</summary>
    public const string OciRepositoryDeleting = "OCIRepositoryDeleting";

    /// <summary>Deletion waits for the AccessRequest or the Secret copies.</summary>
    public const string AccessRequestDeleting = "AccessRequestDeleting";

    /// <summary>An AccessRequest that is being deleted is not finalized in time.</summary>
    public const string AccessRequestDeletionOverdue = "AccessRequestDeletionOverdue";

    /// <summary>The control plane is not connected, or what is done there not finished, in time.</summary>
    public const string ControlPlaneOverdue = "ControlPlaneOverdue";

    /// <summary>Flux has neither pulled the chart nor failed in time, or has not finalized the OCIRepository.</summary>
    public const string OciRepositoryOverdue = "OCIRepositoryOverdue";

    /// <summary>Flux has neither installed, upgraded or uninstalled the chart nor failed in time.</summary>
    public const string HelmReleaseOverdue = "HelmReleaseOverdue";

    /// <summary>Secret copies that are being deleted are not finalized in time.</summary>
    public const string SecretDeletionOverdue = "SecretDeletionOverdue";
}

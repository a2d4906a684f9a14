namespace ServiceProviderOcm.Core.Model;

/// <summary>
/// The reasons of an OCM's Ready condition and of the Events on it. <c>docs/conditions.md</c> tells cause and cure of each.
/// </summary>
public static class Reasons
{
    /// <summary>Installed and running.</summary>
    public const string ReconcileSuccess = "ReconcileSuccess";

    /// <summary>There is no ProviderConfig of our name.</summary>
    public const string ProviderConfigMissing = "ProviderConfigMissing";

    /// <summary>The ProviderConfig says something that cannot be meant.</summary>
    public const string InvalidProviderConfig = "InvalidProviderConfig";

    /// <summary>The chart URL is not that of an OCI repository.</summary>
    public const string InvalidChartUrl = "InvalidChartURL";

    /// <summary>The version cannot be an OCI tag.</summary>
    public const string InvalidVersion = "InvalidVersion";

    /// <summary>The version is not in the ProviderConfig's catalogue.</summary>
    public const string VersionNotOffered = "VersionNotOffered";

    /// <summary>The image pull secret is not in our pod's namespace.</summary>
    public const string ImagePullSecretMissing = "ImagePullSecretMissing";

    /// <summary>The image pull secret is of a type that cannot be used for pulling.</summary>
    public const string ImagePullSecretWrongType = "ImagePullSecretWrongType";

    /// <summary>The CA bundle's ConfigMap, or the key in it, is not in our pod's namespace.</summary>
    public const string CaBundleMissing = "CABundleMissing";

    /// <summary>The CA bundle cannot be used, or must not be passed on.</summary>
    public const string CaBundleInvalid = "CABundleInvalid";

    /// <summary>The tenant has no namespace on the platform cluster.</summary>
    public const string TenantNamespaceMissing = "TenantNamespaceMissing";

    /// <summary>There is no control plane of the OCM's name.</summary>
    public const string ClusterRequestMissing = "ClusterRequestMissing";

    /// <summary>Access to the control plane has been asked for and not been given yet.</summary>
    public const string AccessRequestPending = "AccessRequestPending";

    /// <summary>Access to the control plane has not been given for so long that somebody should look.</summary>
    public const string AccessRequestOverdue = "AccessRequestOverdue";

    /// <summary>Access to the control plane has been refused.</summary>
    public const string AccessRequestDenied = "AccessRequestDenied";

    /// <summary>An AccessRequest of our name belongs to somebody else.</summary>
    public const string AccessRequestNotOurs = "AccessRequestNotOurs";

    /// <summary>The platform cluster has no Flux.</summary>
    public const string FluxNotInstalled = "FluxNotInstalled";

    /// <summary>The platform cluster lacks CRDs of openMCP.</summary>
    public const string PlatformNotInstalled = "PlatformNotInstalled";

    /// <summary>Flux has not pulled the chart yet.</summary>
    public const string OciRepositoryNotReady = "OCIRepositoryNotReady";

    /// <summary>Flux has tried to pull the chart and failed.</summary>
    public const string OciRepositoryFailed = "OCIRepositoryFailed";

    /// <summary>Flux has tried to install the chart and failed.</summary>
    public const string HelmReleaseFailed = "HelmReleaseFailed";

    /// <summary>Flux has not installed the chart yet.</summary>
    public const string HelmReleaseNotReady = "HelmReleaseNotReady";

    /// <summary>Somebody changes what we write as fast as we write it.</summary>
    public const string Contested = "Contested";

    /// <summary>A cluster cannot be reached or fails; prefixed with the cluster's name.</summary>
    public const string Unavailable = "Unavailable";

    /// <summary>A cluster does not let us; prefixed with the cluster's name.</summary>
    public const string Forbidden = "Forbidden";

    /// <summary>A cluster does not accept what we want to write; prefixed with the cluster's name.</summary>
    public const string Rejected = "Rejected";

    /// <summary>Somebody else wrote at the same moment; prefixed with the cluster's name.</summary>
    public const string Conflict = "Conflict";

    /// <summary>Deletion waits for users' Repository objects.</summary>
    public const string RepositoriesExist = "RepositoriesExist";

    /// <summary>The control plane has not answered yet.</summary>
    public const string ControlPlanePending = "ControlPlanePending";

    /// <summary>The control plane cannot be reached, or does not let us look.</summary>
    public const string ControlPlaneUnreachable = "ControlPlaneUnreachable";

    /// <summary>Deletion waits for Flux to uninstall the chart.</summary>
    public const string HelmReleaseDeleting = "HelmReleaseDeleting";

    /// <summary>Flux has tried to uninstall the chart and failed; deletion waits.</summary>
    public const string UninstallFailed = "UninstallFailed";

    /// <summary>Deletion waits for the Flux source to go.</summary>
    public const string OciRepositoryDeleting = "OCIRepositoryDeleting";

    /// <summary>Deletion waits for the access to the control plane to be withdrawn.</summary>
    public const string AccessRequestDeleting = "AccessRequestDeleting";
}

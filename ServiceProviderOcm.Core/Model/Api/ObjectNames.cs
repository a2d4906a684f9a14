using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Naming;

namespace ServiceProviderOcm.Core.Model.Api;

/// <summary>Names, labels and annotations of the managed objects, as the platform's contract has them.</summary>
public static class ObjectNames
{
    /// <summary>The name of the OCIRepository and of the HelmRelease.</summary>
    public const string Flux = "sp-ocm-k8s-toolkit";

    /// <summary>The namespace on the control plane that the chart is installed into.</summary>
    public const string ToolkitNamespace = "ocm-k8s-toolkit-system";

    /// <summary>The finalizer by which users of an AccessRequest delay its deletion.</summary>
    public const string AccessFinalizer = "clusters.openmcp.cloud/clusteraccess";

    /// <summary>The name of the copies of the CA bundle: a Secret on the platform cluster, a ConfigMap on the control plane.</summary>
    public const string CaBundle = "sp-ocm-ca-bundle";

    /// <summary>
    /// The Lease by which the Go provider elects its leader, on the onboarding cluster, in the namespace of the name of its pod's.
    /// </summary>
    public const string GoLease = "services.open-control-plane.io.ocm";

    /// <summary>The label that names the managing component; its value is the API group.</summary>
    public const string ManagedByLabel = "openmcp.cloud/managed-by";

    /// <summary>The label that names the purpose of an AccessRequest.</summary>
    public const string PurposeLabel = "openmcp.cloud/managed-purpose";

    /// <summary>The label that names the OCM; shortened if it is longer than a label's value may be.</summary>
    public const string OnboardingNameLabel = "openmcp.cloud/onboarding-name";

    /// <summary>The label that names the OCM's namespace.</summary>
    public const string OnboardingNamespaceLabel = "openmcp.cloud/onboarding-namespace";

    /// <summary>Kubernetes' label for the managing tool.</summary>
    public const string AppManagedByLabel = "app.kubernetes.io/managed-by";

    /// <summary>The value of <see cref="AppManagedByLabel"/>.</summary>
    public const string AppManagedBy = "service-provider-ocm";

    /// <summary>What the names of all AccessRequests for control planes begin with, be they shortened or not.</summary>
    public static string AccessRequestPrefix(ProviderApi api) => $"{api.Group}--";

    /// <summary>The name of the AccessRequest for an OCM's control plane.</summary>
    public static string AccessRequest(ProviderApi api, string ocmName) => PlatformNames.RequestName(api.Group, ocmName, "mcp");

    /// <summary>What the names of all copies in tenant namespaces begin with.</summary>
    public const string SecretCopyPrefix = "sp-ocm-";

    /// <summary>The name of the copy of a source Secret.</summary>
    public static string SecretCopy(string sourceName) => PlatformNames.Shorten($"{SecretCopyPrefix}{sourceName}", PlatformNames.MaxNameLength);

    /// <summary>Selects the copies of Secrets and of the CA bundle.</summary>
    public static string CopySelector(ProviderApi api) => $"{ManagedByLabel}={api.Group},{AppManagedByLabel}={AppManagedBy}";

    /// <summary>The labels of a managed AccessRequest.</summary>
    public static IReadOnlyDictionary<string, string> AccessRequestLabels(ProviderApi api, ObjectKey ocm) =>
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [ManagedByLabel] = LabelValue(api.Group),
            [PurposeLabel] = LabelValue($"{ocm.Namespace}.{ocm.Name}.mcp"),
        };

    /// <summary>
    /// The annotation by which an AccessRequest says that there are managed objects on the control plane, or are about to be. It
    /// is set before the first of them is created and removed after the last is deleted, so that none is missed over a restart.
    /// </summary>
    public static string ControlPlaneObjectsAnnotation(ProviderApi api) => $"{api.Group}/objects-on-control-plane";

    /// <summary>
    /// The annotation by which an AccessRequest says that there may be copies of the Go provider on the control plane, which have no labels.
    /// It is set when the AccessRequest is taken over, and removed when none of these copies is left without labels.
    /// </summary>
    public static string UnlabelledCopiesAnnotation(ProviderApi api) => $"{api.Group}/unlabelled-copies-on-control-plane";

    /// <summary>
    /// The label that names the provider. Several providers of one API group may share a platform cluster, each with an onboarding
    /// cluster of its own.
    /// </summary>
    public static string ProviderLabel(ProviderApi api) => $"{api.Group}/provider-name";

    /// <summary>
    /// The annotation by which objects say that they are being migrated to another API group or provider, whatever its value: their
    /// OCM may be missing for a while, and they are not orphans.
    /// </summary>
    public static string MigrationAnnotation(ProviderApi api) => $"{api.Group}/migration";

    /// <summary>The label by which Flux objects, and stored revisions, name the revision of the configuration that they are of.</summary>
    public static string RevisionLabel(ProviderApi api) => $"{api.Group}/revision";

    /// <summary>The annotation by which Flux objects say when a rollout has last updated them.</summary>
    public static string UpdatedAtAnnotation(ProviderApi api) => $"{api.Group}/updated-at";

    /// <summary>The annotation by which Flux objects say whether the OCM was Ready before that.</summary>
    public static string WasReadyAnnotation(ProviderApi api) => $"{api.Group}/was-ready";

    /// <summary>The name of a stored revision.</summary>
    public static string StoredRevision(Identity identity, string revision) =>
        PlatformNames.Shorten($"{identity.Api.Group}--{identity.ProviderName}--{revision}", PlatformNames.MaxNameLength);

    /// <summary>Selects the stored revisions of a provider.</summary>
    public static string RevisionSelector(Identity identity) =>
        $"{ManagedByLabel}={LabelValue(identity.Api.Group)},{ProviderLabel(identity.Api)}={LabelValue(identity.ProviderName)}";

    /// <summary>A text as a label's value.</summary>
    internal static string LabelValue(string value) => PlatformNames.Shorten(value, PlatformNames.MaxNameLength);
}

using System.Text;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Naming;

namespace ServiceProviderOcm.Core.Plan;

/// <summary>The objects we want for one OCM, field by field as the platform's contract has them.</summary>
public static class Manifests
{
    /// <summary>The name of the OCIRepository and of the HelmRelease.</summary>
    public const string FluxName = "sp-ocm-k8s-toolkit";

    /// <summary>The namespace on the control plane that the chart is installed into.</summary>
    public const string ToolkitNamespace = "ocm-k8s-toolkit-system";

    /// <summary>The finalizer by which whoever uses an AccessRequest keeps it until they are done.</summary>
    public const string AccessFinalizer = "clusters.openmcp.cloud/clusteraccess";

    /// <summary>The name of the CA bundle's copies: a Secret on the platform cluster, a ConfigMap on the control plane.</summary>
    public const string CaBundleName = "sp-ocm-ca-bundle";

    /// <summary>The key that the copies have the certificates under, as Flux expects it.</summary>
    public const string CaBundleKey = "ca.crt";

    /// <summary>The type that the Secret with which the chart is pulled has to have.</summary>
    public const string PullSecretType = "kubernetes.io/dockerconfigjson";

    /// <summary>The label that says whose object it is; its value is the API group.</summary>
    public const string ManagedByLabel = "openmcp.cloud/managed-by";

    /// <summary>The label that says what an AccessRequest is for.</summary>
    public const string PurposeLabel = "openmcp.cloud/managed-purpose";

    /// <summary>The type that Secrets with which images are pulled may have, too.</summary>
    public const string LegacyPullSecretType = "kubernetes.io/dockercfg";

    private const string AppManagedByLabel = "app.kubernetes.io/managed-by";
    private const string AppManagedBy = "service-provider-ocm";
    private const string KubeconfigKey = "kubeconfig";

    /// <summary>Selects the copies we made, of Secrets and of the CA bundle.</summary>
    public static string CopySelector(ProviderApi api) => $"{ManagedByLabel}={api.Group},{AppManagedByLabel}={AppManagedBy}";

    /// <summary>What the names of all our AccessRequests for control planes begin with, be they shortened or not.</summary>
    public static string AccessRequestPrefix(ProviderApi api) => $"{api.Group}--";

    /// <summary>The name of our AccessRequest for an OCM's control plane.</summary>
    public static string AccessRequestName(ProviderApi api, string ocmName) => PlatformNames.RequestName(api.Group, ocmName, "mcp");

    /// <summary>The name of the copy of a source Secret.</summary>
    public static string SecretCopyName(string sourceName) => PlatformNames.Shorten($"sp-ocm-{sourceName}", PlatformNames.MaxNameLength);

    /// <summary>The labels by which an AccessRequest is known to be ours.</summary>
    public static IReadOnlyDictionary<string, string> AccessRequestMarks(ProviderApi api, ObjectKey ocm) =>
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [ManagedByLabel] = Label(api.Group),
            [PurposeLabel] = Label($"{ocm.Namespace}.{ocm.Name}.mcp"),
        };

    /// <summary>
    /// The annotation by which an AccessRequest says that we have put objects on the control plane, or are about to. It is
    /// there before the first of them and goes after the last, so that none is forgotten over a restart.
    /// </summary>
    public static string PlacementAnnotation(ProviderApi api) => $"{api.Group}/objects-on-control-plane";

    /// <summary>The request for access to the control plane, with all rights, since Flux installs CRDs and RBAC with it.</summary>
    public static KubeObject AccessRequest(Identity identity, ObjectKey ocm, string tenantNamespace, bool hasPlacements = false)
    {
        var labels = OnboardingLabels(ocm);
        foreach (var (name, value) in AccessRequestMarks(identity.Api, ocm))
        {
            labels[name] = value;
        }

        var metadata = new JsonObject
        {
            ["name"] = AccessRequestName(identity.Api, ocm.Name),
            ["namespace"] = tenantNamespace,
            ["labels"] = labels,
            ["finalizers"] = new JsonArray(AccessFinalizer),
        };
        if (hasPlacements)
        {
            metadata["annotations"] = new JsonObject { [PlacementAnnotation(identity.Api)] = "true" };
        }

        return KubeObject.From(new JsonObject
        {
            ["apiVersion"] = Kinds.AccessRequest.ApiVersion,
            ["kind"] = Kinds.AccessRequest.Kind,
            ["metadata"] = metadata,
            ["spec"] = new JsonObject
            {
                ["requestRef"] = new JsonObject { ["name"] = ocm.Name, ["namespace"] = tenantNamespace },
                ["token"] = new JsonObject
                {
                    ["permissions"] = new JsonArray(new JsonObject
                    {
                        ["rules"] = new JsonArray(new JsonObject
                        {
                            ["apiGroups"] = new JsonArray("*"),
                            ["resources"] = new JsonArray("*"),
                            ["verbs"] = new JsonArray("*"),
                        }),
                    }),
                    ["roleRefs"] = new JsonArray(new JsonObject { ["kind"] = "ClusterRole", ["name"] = "cluster-admin" }),
                },
            },
        });
    }

    /// <summary>The copy of a source Secret in the tenant's namespace.</summary>
    public static KubeObject SecretCopy(Identity identity, ObjectKey ocm, string tenantNamespace, KubeObject source) =>
        CopyOf(source, Metadata(identity, ocm, SecretCopyName(source.Name), tenantNamespace));

    /// <summary>The CA bundle in the tenant's namespace, as Flux wants it.</summary>
    public static KubeObject CaBundleSecret(Identity identity, ObjectKey ocm, string tenantNamespace, CaBundle bundle) =>
        KubeObject.From(new JsonObject
        {
            ["apiVersion"] = Kinds.Secret.ApiVersion,
            ["kind"] = Kinds.Secret.Kind,
            ["metadata"] = Metadata(identity, ocm, CaBundleName, tenantNamespace),
            ["type"] = "Opaque",
            ["data"] = new JsonObject { [CaBundleKey] = Convert.ToBase64String(Encoding.UTF8.GetBytes(bundle.Pem)) },
        });

    /// <summary>The toolkit's namespace on the control plane. Nothing but its name: it is there for Helm, and for others, too.</summary>
    public static KubeObject Namespace() => KubeObject.From(new JsonObject
    {
        ["apiVersion"] = Kinds.Namespace.ApiVersion,
        ["kind"] = Kinds.Namespace.Kind,
        ["metadata"] = new JsonObject { ["name"] = ToolkitNamespace },
    });

    /// <summary>The copy of a source Secret on the control plane, for the toolkit's pods.</summary>
    public static KubeObject ToolkitPullSecret(Identity identity, KubeObject source) =>
        CopyOf(source, ControlPlaneMetadata(identity, source.Name));

    /// <summary>The CA bundle on the control plane, for the toolkit's pods.</summary>
    public static KubeObject CaBundleConfigMap(Identity identity, CaBundle bundle) => KubeObject.From(new JsonObject
    {
        ["apiVersion"] = Kinds.ConfigMap.ApiVersion,
        ["kind"] = Kinds.ConfigMap.Kind,
        ["metadata"] = ControlPlaneMetadata(identity, CaBundleName),
        ["data"] = new JsonObject { [CaBundleKey] = bundle.Pem },
    });

    /// <summary>The Flux source of the chart.</summary>
    public static KubeObject OciRepository(
        Identity identity, ObjectKey ocm, string tenantNamespace, ChartInputs inputs, CaBundle? caBundle = null)
    {
        var spec = new JsonObject
        {
            ["interval"] = "1m",
            ["url"] = inputs.Url,
            ["ref"] = new JsonObject { ["tag"] = inputs.Tag },
        };
        if (inputs.PullSecret is { } source)
        {
            spec["secretRef"] = new JsonObject { ["name"] = SecretCopyName(source) };
        }

        if (caBundle is not null)
        {
            spec["certSecretRef"] = new JsonObject { ["name"] = CaBundleName };
        }

        return Flux(Kinds.OciRepository, identity, ocm, tenantNamespace, spec);
    }

    /// <summary>The Flux release that installs the chart on the control plane.</summary>
    public static KubeObject HelmRelease(
        Identity identity, ObjectKey ocm, string tenantNamespace, ChartInputs inputs, string kubeconfigSecret, CaBundle? caBundle = null)
    {
        var spec = new JsonObject
        {
            ["releaseName"] = "ocm-k8s-toolkit",
            ["interval"] = "1m",
            ["targetNamespace"] = ToolkitNamespace,
            ["storageNamespace"] = ToolkitNamespace,
            ["install"] = new JsonObject
            {
                ["crds"] = "Create",
                ["createNamespace"] = true,
                ["remediation"] = new JsonObject { ["retries"] = 3 },
            },
            ["upgrade"] = new JsonObject
            {
                ["crds"] = "CreateReplace",
                ["cleanupOnFail"] = true,
                ["remediation"] = new JsonObject { ["retries"] = 3, ["strategy"] = "rollback" },
            },
            ["chartRef"] = new JsonObject
            {
                ["kind"] = Kinds.OciRepository.Kind,
                ["name"] = FluxName,
                ["namespace"] = tenantNamespace,
            },
            ["kubeConfig"] = new JsonObject
            {
                ["secretRef"] = new JsonObject { ["name"] = kubeconfigSecret, ["key"] = KubeconfigKey },
            },
        };
        if (inputs.Values is { } values)
        {
            spec["values"] = JsonObject.Create(values);
        }

        if (caBundle is { IsInjected: true })
        {
            spec["postRenderers"] = new JsonArray(CaBundleInjection.PostRenderer(identity.Api, caBundle));
        }

        return Flux(Kinds.HelmRelease, identity, ocm, tenantNamespace, spec);
    }

    private static KubeObject Flux(ResourceKind kind, Identity identity, ObjectKey ocm, string tenantNamespace, JsonObject spec) =>
        KubeObject.From(new JsonObject
        {
            ["apiVersion"] = kind.ApiVersion,
            ["kind"] = kind.Kind,
            ["metadata"] = Metadata(identity, ocm, FluxName, tenantNamespace),
            ["spec"] = spec,
        });

    private static KubeObject CopyOf(KubeObject source, JsonObject metadata) => KubeObject.From(new JsonObject
    {
        ["apiVersion"] = Kinds.Secret.ApiVersion,
        ["kind"] = Kinds.Secret.Kind,
        ["metadata"] = metadata,
        ["type"] = source.Json.Text("type"),
        ["data"] = source.Json.At("data") is { } data ? JsonObject.Create(data) : new JsonObject(),
    });

    private static JsonObject Metadata(Identity identity, ObjectKey ocm, string name, string tenantNamespace) =>
        Metadata(identity, name, tenantNamespace, OnboardingLabels(ocm));

    private static JsonObject ControlPlaneMetadata(Identity identity, string name) => Metadata(identity, name, ToolkitNamespace, []);

    private static JsonObject Metadata(Identity identity, string name, string ns, JsonObject labels)
    {
        labels[ManagedByLabel] = Label(identity.Api.Group);
        labels[AppManagedByLabel] = AppManagedBy;
        return new JsonObject { ["name"] = name, ["namespace"] = ns, ["labels"] = labels };
    }

    private static JsonObject OnboardingLabels(ObjectKey ocm) => new()
    {
        ["openmcp.cloud/onboarding-name"] = Label(ocm.Name),
        ["openmcp.cloud/onboarding-namespace"] = Label(ocm.Namespace),
    };

    private static string Label(string value) => PlatformNames.Shorten(value, PlatformNames.MaxNameLength);
}

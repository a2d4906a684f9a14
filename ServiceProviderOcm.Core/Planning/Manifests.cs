using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Naming;
using ServiceProviderOcm.Core.Objects;
using ServiceProviderOcm.Core.Observe;

namespace ServiceProviderOcm.Core.Planning;

/// <summary>The objects we want for one OCM, field by field as the platform's contract has them.</summary>
public static class Manifests
{
    /// <summary>The name of the OCIRepository and of the HelmRelease.</summary>
    public const string FluxName = "sp-ocm-k8s-toolkit";

    /// <summary>The namespace on the control plane that the chart is installed into.</summary>
    public const string ToolkitNamespace = "ocm-k8s-toolkit-system";

    /// <summary>The finalizer by which whoever uses an AccessRequest keeps it until they are done.</summary>
    public const string AccessFinalizer = "clusters.openmcp.cloud/clusteraccess";

    /// <summary>The type that a source Secret has to have.</summary>
    public const string PullSecretType = "kubernetes.io/dockerconfigjson";

    /// <summary>The label that says whose object it is; its value is the API group.</summary>
    public const string ManagedByLabel = "openmcp.cloud/managed-by";

    /// <summary>The label that says what an AccessRequest is for.</summary>
    public const string PurposeLabel = "openmcp.cloud/managed-purpose";

    private const string AppManagedByLabel = "app.kubernetes.io/managed-by";
    private const string AppManagedBy = "service-provider-ocm";
    private const string KubeconfigKey = "kubeconfig";

    /// <summary>Selects the Secret copies we made.</summary>
    public static string SecretCopySelector(ProviderApi api) => $"{ManagedByLabel}={api.Group},{AppManagedByLabel}={AppManagedBy}";

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

    /// <summary>The request for access to the control plane, with all rights, since Flux installs CRDs and RBAC with it.</summary>
    public static KubeObject AccessRequest(Identity identity, ObjectKey ocm, string tenantNamespace)
    {
        var labels = OnboardingLabels(ocm);
        foreach (var (name, value) in AccessRequestMarks(identity.Api, ocm))
        {
            labels[name] = value;
        }

        return KubeObject.From(new JsonObject
        {
            ["apiVersion"] = Kinds.AccessRequest.ApiVersion,
            ["kind"] = Kinds.AccessRequest.Kind,
            ["metadata"] = new JsonObject
            {
                ["name"] = AccessRequestName(identity.Api, ocm.Name),
                ["namespace"] = tenantNamespace,
                ["labels"] = labels,
                ["finalizers"] = new JsonArray(AccessFinalizer),
            },
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
        KubeObject.From(new JsonObject
        {
            ["apiVersion"] = Kinds.Secret.ApiVersion,
            ["kind"] = Kinds.Secret.Kind,
            ["metadata"] = Metadata(identity, ocm, SecretCopyName(source.Name), tenantNamespace),
            ["type"] = source.Json.Text("type"),
            ["data"] = source.Json.At("data") is { } data ? JsonObject.Create(data) : new JsonObject(),
        });

    /// <summary>The Flux source of the chart.</summary>
    public static KubeObject OciRepository(Identity identity, ObjectKey ocm, string tenantNamespace, ChartInputs inputs)
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

        return Flux(Kinds.OciRepository, identity, ocm, tenantNamespace, spec);
    }

    /// <summary>The Flux release that installs the chart on the control plane.</summary>
    public static KubeObject HelmRelease(
        Identity identity, ObjectKey ocm, string tenantNamespace, ChartInputs inputs, string kubeconfigSecret)
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

    private static JsonObject Metadata(Identity identity, ObjectKey ocm, string name, string tenantNamespace)
    {
        var labels = OnboardingLabels(ocm);
        labels[ManagedByLabel] = Label(identity.Api.Group);
        labels[AppManagedByLabel] = AppManagedBy;
        return new JsonObject { ["name"] = name, ["namespace"] = tenantNamespace, ["labels"] = labels };
    }

    private static JsonObject OnboardingLabels(ObjectKey ocm) => new()
    {
        ["openmcp.cloud/onboarding-name"] = Label(ocm.Name),
        ["openmcp.cloud/onboarding-namespace"] = Label(ocm.Namespace),
    };

    private static string Label(string value) => PlatformNames.Shorten(value, PlatformNames.MaxNameLength);
}

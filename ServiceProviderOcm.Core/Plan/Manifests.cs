using System.Text;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.Configuration;

namespace ServiceProviderOcm.Core.Plan;

/// <summary>The manifests of the managed objects of one OCM, as the platform's contract defines them.</summary>
public static class Manifests
{
    /// <summary>The type that image pull secrets, those of the chart among them, should have.</summary>
    public const string PullSecretType = "kubernetes.io/dockerconfigjson";

    /// <summary>An older type, which they may also have.</summary>
    public const string LegacyPullSecretType = "kubernetes.io/dockercfg";

    /// <summary>The key of the certificates in copies of the CA bundle, as Flux expects it.</summary>
    public const string CaBundleKey = "ca.crt";

    /// <summary>The type of source Secrets, and of copies by the Go provider, that is accepted besides those of pull secrets.</summary>
    public const string OpaqueType = "Opaque";

    /// <summary>The key of <see cref="PullSecretType"/>.</summary>
    public const string PullSecretKey = ".dockerconfigjson";

    // The form in which Go marshals it: in another, it would be another spec for the same meaning.
    private const string Interval = "1m0s";
    private const string KubeconfigKey = "kubeconfig";
    private const string LegacyPullSecretKey = ".dockercfg";

    /// <summary>The AccessRequest for the control plane.</summary>
    /// <param name="identity">The identity of the provider.</param>
    /// <param name="ocm">The OCM.</param>
    /// <param name="tenantNamespace">The tenant's namespace.</param>
    /// <param name="hasControlPlaneObjects">Whether there are managed objects on the control plane, or are about to be.</param>
    /// <param name="mayHaveUnlabelledCopies">Whether there may be copies of the Go provider on the control plane.</param>
    /// <param name="access">What it requests; all permissions unless it is given, because Flux installs CRDs and RBAC with it.</param>
    public static KubeObject AccessRequest(
        Identity identity,
        ObjectKey ocm,
        string tenantNamespace,
        bool hasControlPlaneObjects = false,
        bool mayHaveUnlabelledCopies = false,
        ControlPlaneAccess? access = null)
    {
        var labels = PlatformLabels(identity, ocm);
        foreach (var (name, value) in ObjectNames.AccessRequestLabels(identity.Api, ocm))
        {
            labels[name] = value;
        }

        var metadata = new JsonObject
        {
            ["name"] = ObjectNames.AccessRequest(identity.Api, ocm.Name),
            ["namespace"] = tenantNamespace,
            ["labels"] = labels,
            ["finalizers"] = new JsonArray(ObjectNames.AccessFinalizer),
        };
        var annotations = new JsonObject();
        if (hasControlPlaneObjects)
        {
            annotations[ObjectNames.ControlPlaneObjectsAnnotation(identity.Api)] = "true";
        }

        if (mayHaveUnlabelledCopies)
        {
            annotations[ObjectNames.UnlabelledCopiesAnnotation(identity.Api)] = "true";
        }

        if (annotations.Count > 0)
        {
            metadata["annotations"] = annotations;
        }

        return KubeObject.From(new JsonObject
        {
            ["apiVersion"] = PlatformKinds.AccessRequest.ApiVersion,
            ["kind"] = PlatformKinds.AccessRequest.Kind,
            ["metadata"] = metadata,
            ["spec"] = new JsonObject
            {
                ["requestRef"] = new JsonObject { ["name"] = ocm.Name, ["namespace"] = tenantNamespace },
                ["token"] = (access ?? ControlPlaneAccess.ClusterAdmin).ToJson(),
            },
        });
    }

    /// <summary>The copy of a source Secret in the tenant's namespace.</summary>
    /// <param name="identity">The identity of the provider.</param>
    /// <param name="ocm">The OCM.</param>
    /// <param name="tenantNamespace">The tenant's namespace.</param>
    /// <param name="source">The source Secret.</param>
    /// <param name="observed">The copies that exist: one that was adopted keeps its type.</param>
    public static KubeObject SecretCopy(
        Identity identity, ObjectKey ocm, string tenantNamespace, KubeObject source, IEnumerable<KubeObject>? observed = null) =>
        CopyOf(source, Metadata(identity, ocm, ObjectNames.SecretCopy(source.Name), tenantNamespace), observed);

    /// <summary>The copy, in the tenant's namespace, of the Secret by which Flux verifies charts, with what Flux reads of it.</summary>
    public static KubeObject VerificationSecret(
        Identity identity, ObjectKey ocm, string tenantNamespace, KubeObject source, ChartVerification verification) =>
        KubeObject.From(new JsonObject
        {
            ["apiVersion"] = Kinds.Secret.ApiVersion,
            ["kind"] = Kinds.Secret.Kind,
            ["metadata"] = Metadata(identity, ocm, ObjectNames.SecretCopy(source.Name), tenantNamespace),
            ["type"] = OpaqueType,
            ["data"] = new JsonObject(source.Json.TextMap("data")
                .Where(entry => verification.Reads(entry.Key))
                .Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)entry.Value))),
        });

    /// <summary>The CA bundle in the tenant's namespace, for Flux.</summary>
    public static KubeObject CaBundleSecret(Identity identity, ObjectKey ocm, string tenantNamespace, CaBundle bundle) =>
        KubeObject.From(new JsonObject
        {
            ["apiVersion"] = Kinds.Secret.ApiVersion,
            ["kind"] = Kinds.Secret.Kind,
            ["metadata"] = Metadata(identity, ocm, ObjectNames.CaBundle, tenantNamespace),
            ["type"] = "Opaque",
            ["data"] = new JsonObject { [CaBundleKey] = Convert.ToBase64String(Encoding.UTF8.GetBytes(bundle.Pem)) },
        });

    /// <summary>The toolkit's namespace on the control plane. It has only a name, because Helm and others use it, too.</summary>
    public static KubeObject Namespace() => KubeObject.From(new JsonObject
    {
        ["apiVersion"] = Kinds.Namespace.ApiVersion,
        ["kind"] = Kinds.Namespace.Kind,
        ["metadata"] = new JsonObject { ["name"] = ObjectNames.ToolkitNamespace },
    });

    /// <summary>The copy of a source Secret on the control plane, for the toolkit's pods.</summary>
    /// <param name="identity">The identity of the provider.</param>
    /// <param name="source">The source Secret.</param>
    /// <param name="observed">The copies that exist: one that was adopted keeps its type.</param>
    public static KubeObject ToolkitPullSecret(Identity identity, KubeObject source, IEnumerable<KubeObject>? observed = null) =>
        CopyOf(source, ControlPlaneMetadata(identity, source.Name), observed);

    /// <summary>The CA bundle on the control plane, for the toolkit's pods.</summary>
    public static KubeObject CaBundleConfigMap(Identity identity, CaBundle bundle) => KubeObject.From(new JsonObject
    {
        ["apiVersion"] = Kinds.ConfigMap.ApiVersion,
        ["kind"] = Kinds.ConfigMap.Kind,
        ["metadata"] = ControlPlaneMetadata(identity, ObjectNames.CaBundle),
        ["data"] = new JsonObject { [CaBundleKey] = bundle.Pem },
    });

    /// <summary>The Flux source of the chart.</summary>
    public static KubeObject OciRepository(
        Identity identity, ObjectKey ocm, string tenantNamespace, ChartInputs inputs, CaBundle caBundle, RevisionMarks? marks = null)
    {
        var spec = new JsonObject
        {
            ["interval"] = Interval,
            ["url"] = inputs.Source.Url,
            ["ref"] = ReferenceTo(inputs),
        };
        if (inputs.Source.PullSecret is { Length: > 0 } source)
        {
            spec["secretRef"] = new JsonObject { ["name"] = ObjectNames.SecretCopy(source) };
        }

        if (caBundle.IsSet)
        {
            spec["certSecretRef"] = new JsonObject { ["name"] = ObjectNames.CaBundle };
        }

        if (inputs.Source.Verification is { } verification)
        {
            spec["verify"] = verification.ToJson();
        }

        return Flux(PlatformKinds.OciRepository, identity, ocm, tenantNamespace, spec, SharedPart.None, marks);
    }

    /// <summary>The Flux release that installs the chart on the control plane.</summary>
    public static KubeObject HelmRelease(
        Identity identity,
        ObjectKey ocm,
        string tenantNamespace,
        ChartInputs inputs,
        string kubeconfigSecret,
        CaBundle caBundle,
        RevisionMarks? marks = null)
    {
        var spec = new JsonObject
        {
            ["releaseName"] = "ocm-k8s-toolkit",
            ["interval"] = Interval,
            ["targetNamespace"] = ObjectNames.ToolkitNamespace,
            ["storageNamespace"] = ObjectNames.ToolkitNamespace,
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
                ["kind"] = PlatformKinds.OciRepository.Kind,
                ["name"] = ObjectNames.Flux,
                ["namespace"] = tenantNamespace,
            },
            ["kubeConfig"] = new JsonObject
            {
                ["secretRef"] = new JsonObject { ["name"] = kubeconfigSecret, ["key"] = KubeconfigKey },
            },
        };
        if (inputs.DriftDetection is { } driftDetection)
        {
            spec["driftDetection"] = driftDetection.ToJson();
        }

        if (caBundle is { IsSet: true, IsInjected: true })
        {
            spec["postRenderers"] = new JsonArray(CaBundleInjection.PostRenderer(identity.Api, caBundle));
        }

        return Flux(PlatformKinds.HelmRelease, identity, ocm, tenantNamespace, spec, inputs.Source.Values.Part, marks);
    }

    // Flux pulls the digest if there is one. The tag is for people.
    private static JsonObject ReferenceTo(ChartInputs inputs)
    {
        var reference = new JsonObject { ["tag"] = inputs.Tag };
        if (inputs.Digest.Length > 0)
        {
            reference["digest"] = inputs.Digest;
        }

        return reference;
    }

    private static KubeObject Flux(
        ResourceKind kind,
        Identity identity,
        ObjectKey ocm,
        string tenantNamespace,
        JsonObject spec,
        SharedPart shared,
        RevisionMarks? marks)
    {
        var metadata = Metadata(identity, ocm, ObjectNames.Flux, tenantNamespace);
        if (marks is { Revision.Length: > 0 })
        {
            metadata["labels"]![ObjectNames.RevisionLabel(identity.Api)] = marks.Revision;
        }

        if (marks?.UpdatedAt is { } updatedAt)
        {
            metadata["annotations"] = new JsonObject
            {
                [ObjectNames.UpdatedAtAnnotation(identity.Api)] = Timestamps.Time(updatedAt),
                [ObjectNames.WasReadyAnnotation(identity.Api)] = marks.WasReady ? "true" : "false",
            };
        }

        return new KubeObject(
            new JsonObject
            {
                ["apiVersion"] = kind.ApiVersion,
                ["kind"] = kind.Kind,
                ["metadata"] = metadata,
                ["spec"] = spec,
            }.ToElement(),
            shared: shared);
    }

    private static KubeObject CopyOf(KubeObject source, JsonObject metadata, IEnumerable<KubeObject>? observed) => KubeObject.From(new JsonObject
    {
        ["apiVersion"] = Kinds.Secret.ApiVersion,
        ["kind"] = Kinds.Secret.Kind,
        ["metadata"] = metadata,
        ["type"] = observed?.Any(copy => copy.Name == metadata["name"]!.GetValue<string>() && ManagedObjects.KeepsType(copy)) is true ? OpaqueType
            : source.Text("type") == OpaqueType ? PullSecretType
            : source.Text("type"),
        ["data"] = CredentialsOf(source),
    });

    /// <summary>The key of the credentials in a Secret, by its type.</summary>
    internal static string PullSecretKeyOf(KubeObject secret) => secret.Text("type") == LegacyPullSecretType ? LegacyPullSecretKey : PullSecretKey;

    // Whatever else a source has is not for tenants.
    private static JsonObject CredentialsOf(KubeObject source)
    {
        var key = PullSecretKeyOf(source);
        return source.Text("data", key) is { } credentials ? new JsonObject { [key] = credentials } : [];
    }

    private static JsonObject Metadata(Identity identity, ObjectKey ocm, string name, string tenantNamespace) =>
        Metadata(identity, name, tenantNamespace, PlatformLabels(identity, ocm));

    private static JsonObject ControlPlaneMetadata(Identity identity, string name) =>
        Metadata(identity, name, ObjectNames.ToolkitNamespace, []);

    private static JsonObject Metadata(Identity identity, string name, string ns, JsonObject labels)
    {
        labels[ObjectNames.ManagedByLabel] = ObjectNames.LabelValue(identity.Api.Group);
        labels[ObjectNames.AppManagedByLabel] = ObjectNames.AppManagedBy;
        return new JsonObject { ["name"] = name, ["namespace"] = ns, ["labels"] = labels };
    }

    private static JsonObject PlatformLabels(Identity identity, ObjectKey ocm) => new()
    {
        [ObjectNames.OnboardingNameLabel] = ObjectNames.LabelValue(ocm.Name),
        [ObjectNames.OnboardingNamespaceLabel] = ObjectNames.LabelValue(ocm.Namespace),
        [ObjectNames.ProviderLabel(identity.Api)] = ObjectNames.LabelValue(identity.ProviderName),
    };
}

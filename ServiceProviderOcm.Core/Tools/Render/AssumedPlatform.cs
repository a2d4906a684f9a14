using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Naming;
using ServiceProviderOcm.Core.Plan;

namespace ServiceProviderOcm.Core.Tools.Render;

/// <summary>
/// What the files do not say is as it is where all goes well: the control plane exists, nothing has been installed on it,
/// access to it is granted as soon as it is asked for, and every write succeeds.
/// </summary>
internal static class AssumedPlatform
{
    /// <summary>Stands for the Secret that the platform names when it grants access; nobody knows its name before.</summary>
    public const string KubeconfigSecret = "kubeconfig-of-the-access-request";

    /// <summary>Before anything is done about an OCM.</summary>
    public static Observation Before(RenderInputs inputs, KubeObject ocm)
    {
        var (identity, config) = (inputs.Identity, inputs.ProviderConfig);
        var tenant = PlatformNames.TenantNamespace(ocm.Namespace, ocm.Name);
        var bundleName = CaBundle.ReferredConfigMaps(config).SingleOrDefault() ?? "";
        return new Observation
        {
            Identity = identity,

            // Only tells how long something has been waited for, which is not at all.
            Now = DateTimeOffset.UnixEpoch,
            Ocm = ocm,
            TenantNamespaceName = tenant,
            ProviderConfig = config,
            SourceSecrets = inputs.Secrets,
            CaBundle = CaBundle.Read(identity, config, inputs.ConfigMaps.GetValueOrDefault(bundleName)),
            TenantNamespace = Named(Kinds.Namespace, ObjectKey.ClusterScoped(tenant)),
            ClusterRequest = Named(Kinds.ClusterRequest, new ObjectKey(tenant, ocm.Name)),
            AccessRequest = Granted(inputs.AccessRequests.GetValueOrDefault(
                new ObjectKey(tenant, Manifests.AccessRequestName(identity.Api, ocm.Name)))),
        };
    }

    /// <summary>After a plan has been carried out.</summary>
    public static Observation After(Observation before, ReconcilePlan plan)
    {
        var after = plan.Steps.Aggregate(before, After);
        return plan.Needs is { } needs && needs.HasFlag(ControlPlaneView.OwnObjects) && !after.ControlPlane.IsKnown
            ? after with { ControlPlane = ObservedControlPlane.Of(toolkitNamespace: null, [], []) }
            : after;
    }

    private static Observation After(Observation before, PlanStep step) => step switch
    {
        PatchStep { Cluster: TargetCluster.Onboarding } patch => before with { Ocm = Merged(before.Ocm!, patch.Patch) },
        PatchStep patch when patch.Kind == Kinds.AccessRequest =>
            before with { AccessRequest = Merged(before.AccessRequest!, patch.Patch) },
        ApplyStep { Cluster: TargetCluster.ControlPlane } apply => before with { ControlPlane = After(before.ControlPlane, apply) },
        ApplyStep apply when apply.Kind == Kinds.AccessRequest => before with
        {
            AccessRequest = Granted(before.AccessRequest is { } there ? Merged(there, apply.Manifest.Json) : apply.Manifest),
        },
        ApplyStep apply when apply.Kind == Kinds.OciRepository => before with { OciRepository = apply.Manifest },
        ApplyStep apply when apply.Kind == Kinds.HelmRelease => before with { HelmRelease = apply.Manifest },
        ApplyStep apply => before with { SecretCopies = [.. Without(before.SecretCopies, apply.Key), apply.Manifest] },
        _ => throw new UnreachableException($"nothing is there that a plan could {step.Description}"),
    };

    private static ObservedControlPlane After(ObservedControlPlane before, ApplyStep apply) =>
        apply.Kind == Kinds.Namespace ? before with { Namespace = apply.Manifest }
        : apply.Kind == Kinds.ConfigMap ? before with { ConfigMaps = [.. Without(before.ConfigMaps, apply.Key), apply.Manifest] }
        : before with { Secrets = [.. Without(before.Secrets, apply.Key), apply.Manifest] };

    private static IEnumerable<KubeObject> Without(IEnumerable<KubeObject> objects, ObjectKey key) =>
        objects.Where(each => each.Key != key);

    // A denial is left to the plan.
    private static KubeObject? Granted(KubeObject? request)
    {
        if (request is null || AccessGrant.IsDenied(request) || AccessGrant.SecretName(request) is not null)
        {
            return request;
        }

        var granted = JsonObject.Create(request.Json)!;
        granted["status"] = new JsonObject
        {
            ["observedGeneration"] = request.Generation,
            ["phase"] = "Granted",
            ["secretRef"] = new JsonObject { ["name"] = KubeconfigSecret },
        };
        return KubeObject.From(granted);
    }

    private static KubeObject Named(ResourceKind kind, ObjectKey key)
    {
        var metadata = new JsonObject { ["name"] = key.Name };
        if (kind.IsNamespaced)
        {
            metadata["namespace"] = key.Namespace;
        }

        return KubeObject.From(new JsonObject { ["apiVersion"] = kind.ApiVersion, ["kind"] = kind.Kind, ["metadata"] = metadata });
    }

    private static KubeObject Merged(KubeObject before, JsonElement patch) =>
        KubeObject.From(Merged(JsonObject.Create(before.Json)!, patch));

    // JSON merge patch, RFC 7386.
    private static JsonObject Merged(JsonObject target, JsonElement patch)
    {
        foreach (var field in patch.EnumerateObject())
        {
            switch (field.Value.ValueKind)
            {
                case JsonValueKind.Null:
                    target.Remove(field.Name);
                    break;
                case JsonValueKind.Object:
                    target[field.Name] = Merged((target[field.Name] as JsonObject)?.DeepClone() as JsonObject ?? [], field.Value);
                    break;
                default:
                    target[field.Name] = NodeOf(field.Value);
                    break;
            }
        }

        return target;
    }

    private static JsonNode? NodeOf(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array ? JsonArray.Create(value) : JsonValue.Create(value);
}

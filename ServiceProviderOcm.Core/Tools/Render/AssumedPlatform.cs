using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Core.Naming;

namespace ServiceProviderOcm.Core.Tools.Render;

/// <summary>
/// Assumes the best case for everything that the files do not contain: the control plane exists and is empty, access to it is granted
/// on request, and every write succeeds.
/// </summary>
internal static class AssumedPlatform
{
    /// <summary>Placeholder for the Secret of the granted access, whose name is not known before.</summary>
    public const string KubeconfigSecret = "kubeconfig-of-the-access-request";

    /// <summary>Before anything is done about an OCM.</summary>
    public static Observation Before(RenderInputs inputs, KubeObject ocm)
    {
        var (identity, config) = (inputs.Identity, inputs.Config);
        var tenant = PlatformNames.TenantNamespace(ocm.Namespace, ocm.Name);
        return new Observation
        {
            Identity = identity,

            // Needed for timeouts only; nothing waits here.
            Now = DateTimeOffset.UnixEpoch,
            Ocm = ocm,
            TenantNamespaceName = tenant,
            Config = config,
            SourceSecrets = inputs.Secrets,
            CaBundle = CaBundle.Read(identity, config, inputs.ConfigMaps.GetValueOrDefault(config.CaBundle.Name)),
            TenantNamespace = Named(Kinds.Namespace, ObjectKey.ClusterScoped(tenant)),
            ClusterRequest = Named(PlatformKinds.ClusterRequest, new ObjectKey(tenant, ocm.Name)),
            AccessRequest = Granted(inputs.AccessRequests.GetValueOrDefault(
                new ObjectKey(tenant, ObjectNames.AccessRequest(identity.Api, ocm.Name)))),
        };
    }

    /// <summary>After a plan has been carried out.</summary>
    public static Observation After(Observation before, ReconcilePlan plan)
    {
        var after = plan.Steps.Aggregate(before, After);
        return plan.ControlPlaneScope.HasFlag(ControlPlaneScope.ManagedObjects) && !after.ControlPlane.IsKnown
            ? after with { ControlPlane = ObservedControlPlane.Of(toolkitNamespace: null, [], []) }
            : after;
    }

    private static Observation After(Observation before, PlanStep step) => step switch
    {
        PatchStep { Cluster: TargetCluster.Onboarding } patch => before with { Ocm = Merged(before.Ocm!, patch.Patch) },
        PatchStep patch when patch.Kind == PlatformKinds.AccessRequest =>
            before with { AccessRequest = Merged(before.AccessRequest!, patch.Patch) },
        ApplyStep { Cluster: TargetCluster.ControlPlane } apply => before with { ControlPlane = After(before.ControlPlane, apply) },
        ApplyStep apply when apply.Kind == PlatformKinds.AccessRequest => before with
        {
            AccessRequest = Granted(before.AccessRequest is { } there ? Merged(there, apply.Manifest.Json) : apply.Manifest),
        },
        ApplyStep apply when apply.Kind == PlatformKinds.OciRepository => before with { OciRepository = apply.Manifest },
        ApplyStep apply when apply.Kind == PlatformKinds.HelmRelease => before with { HelmRelease = apply.Manifest },
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
        if (request is null || AccessGrant.IsDenied(request) || AccessGrant.IsUsable(request))
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
        KubeObject.From((JsonObject)MergePatch.Apply(JsonObject.Create(before.Json), JsonObject.Create(patch))!);
}

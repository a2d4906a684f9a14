using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Worlds;

/// <summary>
/// Replays what the Go provider v0.4.0 writes: by updates of the field manager <c>service-provider-ocm</c>, which replace the whole
/// <c>spec</c>, without labels on Flux objects and Secret copies, and with all keys and the type of a source Secret.
/// </summary>
/// <param name="api">The API group.</param>
/// <param name="podNamespace">The provider's namespace.</param>
/// <param name="platform">The platform cluster; it is disposed.</param>
/// <param name="controlPlane">The control plane; it is disposed.</param>
public class GoWriter(ProviderApi api, string podNamespace, TestKubernetesApi platform, TestKubernetesApi controlPlane) : IDisposable
{
    /// <summary>The field manager.</summary>
    public const string Name = "service-provider-ocm";

    private static readonly string[] Content = ["spec", "type", "data"];

    /// <summary>The Helm values of the ProviderConfig.</summary>
    public JsonObject? Values { get; init; }

    /// <summary>The source of the image pull secret; null if there is none.</summary>
    public string? PullSecret { get; init; }

    /// <summary>The chart's URL.</summary>
    public string ChartUrl { get; init; } = "oci://registry.example.com/charts/toolkit";

    /// <summary>The platform cluster.</summary>
    protected TestKubernetesApi Platform => platform;

    /// <summary>One reconciliation: the AccessRequest, the copies, and both Flux objects.</summary>
    public async Task WriteAsync(ObjectKey ocm, string version = "0.3.0")
    {
        var tenant = PlatformNames.TenantNamespace(ocm.Namespace, ocm.Name);
        await WriteAsync(platform, PlatformKinds.AccessRequest, AccessRequest(ocm));
        var access = await Eventually.Async(
            () => platform.GetAsync(PlatformKinds.AccessRequest, AccessKey(ocm), default),
            request => request.Text("status", "secretRef", "name") is not null,
            "access is granted");
        if (PullSecret is not null)
        {
            await CopyAsync(platform, PullSecret, new ObjectKey(tenant, ObjectNames.SecretCopy(PullSecret)));
        }

        foreach (var toolkit in Values?["manager"]?["imagePullSecrets"]?.AsArray() ?? [])
        {
            var source = toolkit!["name"]!.GetValue<string>();
            await PrepareControlPlaneAsync();
            await CopyAsync(controlPlane, source, new ObjectKey(ObjectNames.ToolkitNamespace, source));
        }

        await WriteAsync(platform, PlatformKinds.OciRepository, OciRepository(tenant, version));
        await WriteAsync(platform, PlatformKinds.HelmRelease, HelmRelease(tenant, access.Text("status", "secretRef", "name")!));
    }

    /// <summary>A copy of a source Secret in a tenant namespace or on the control plane.</summary>
    public Task CopyAsync(bool isOnControlPlane, string source, ObjectKey copy) =>
        CopyAsync(isOnControlPlane ? controlPlane : platform, source, copy);

    public void Dispose()
    {
        Dispose(isDisposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool isDisposing)
    {
        if (isDisposing)
        {
            platform.Dispose();
            controlPlane.Dispose();
        }
    }

    /// <summary>Makes sure that the namespace of the toolkit exists.</summary>
    protected virtual Task PrepareControlPlaneAsync() => Task.CompletedTask;

    private ObjectKey AccessKey(ObjectKey ocm) => new(PlatformNames.TenantNamespace(ocm.Namespace, ocm.Name), ObjectNames.AccessRequest(api, ocm.Name));

    private JsonObject AccessRequest(ObjectKey ocm) => new()
    {
        ["metadata"] = new JsonObject
        {
            ["name"] = AccessKey(ocm).Name,
            ["namespace"] = PlatformNames.TenantNamespace(ocm.Namespace, ocm.Name),
            ["labels"] = new JsonObject(
                ObjectNames.AccessRequestLabels(api, ocm)
                    .Append(new(ObjectNames.OnboardingNameLabel, ocm.Name))
                    .Append(new(ObjectNames.OnboardingNamespaceLabel, ocm.Namespace))
                    .Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value))),
            ["finalizers"] = new JsonArray(ObjectNames.AccessFinalizer),
        },
        ["spec"] = new JsonObject
        {
            ["requestRef"] = new JsonObject { ["name"] = ocm.Name, ["namespace"] = PlatformNames.TenantNamespace(ocm.Namespace, ocm.Name) },
            ["token"] = new JsonObject
            {
                ["permissions"] = JsonNode.Parse("""[{"rules":[{"apiGroups":["*"],"resources":["*"],"verbs":["*"]}]}]"""),
                ["roleRefs"] = JsonNode.Parse("""[{"kind":"ClusterRole","name":"cluster-admin"}]"""),
            },
        },
    };

    private JsonObject OciRepository(string tenant, string version)
    {
        var spec = new JsonObject
        {
            ["interval"] = "1m0s",
            ["url"] = ChartUrl,
            ["ref"] = new JsonObject { ["tag"] = version },
        };
        if (PullSecret is not null)
        {
            spec["secretRef"] = new JsonObject { ["name"] = ObjectNames.SecretCopy(PullSecret) };
        }

        return Flux(tenant, spec);
    }

    private JsonObject HelmRelease(string tenant, string kubeconfigSecret)
    {
        var spec = new JsonObject
        {
            ["releaseName"] = "ocm-k8s-toolkit",
            ["interval"] = "1m0s",
            ["targetNamespace"] = ObjectNames.ToolkitNamespace,
            ["storageNamespace"] = ObjectNames.ToolkitNamespace,
            ["install"] = JsonNode.Parse("""{"crds":"Create","createNamespace":true,"remediation":{"retries":3}}"""),
            ["upgrade"] = JsonNode.Parse(
                """{"crds":"CreateReplace","cleanupOnFail":true,"remediation":{"retries":3,"strategy":"rollback"}}"""),
            ["chartRef"] = new JsonObject { ["kind"] = "OCIRepository", ["name"] = ObjectNames.Flux, ["namespace"] = tenant },
            ["kubeConfig"] = new JsonObject { ["secretRef"] = new JsonObject { ["name"] = kubeconfigSecret, ["key"] = "kubeconfig" } },
        };
        if (Values is not null)
        {
            spec["values"] = Values.DeepClone();
        }

        return Flux(tenant, spec);
    }

    private static JsonObject Flux(string tenant, JsonObject spec) => new()
    {
        ["metadata"] = new JsonObject { ["name"] = ObjectNames.Flux, ["namespace"] = tenant },
        ["spec"] = spec,
    };

    private async Task CopyAsync(TestKubernetesApi api, string source, ObjectKey copy)
    {
        var found = JsonObject.Create(
            (await platform.GetAsync(Kinds.Secret, new ObjectKey(podNamespace, source), default)).Json)!;
        await WriteAsync(api, Kinds.Secret, new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = copy.Name, ["namespace"] = copy.Namespace },
            ["type"] = found["type"]!.DeepClone(),
            ["data"] = found["data"]?.DeepClone(),
        });
    }

    // Like controllerutil.CreateOrUpdate: only what the mutation sets is replaced.
    protected static async Task WriteAsync(TestKubernetesApi api, ResourceKind kind, JsonObject manifest)
    {
        manifest["apiVersion"] = kind.ApiVersion;
        manifest["kind"] = kind.Kind;
        var desired = KubeObject.From(manifest);
        if (await api.FindAsync(kind, desired.Key) is not { } found)
        {
            await api.CreateAsync(kind, desired, default);
            return;
        }

        await ReplaceAsync(api, kind, found, json =>
        {
            foreach (var field in Content.Where(manifest.ContainsKey))
            {
                json[field] = manifest[field]!.DeepClone();
            }
        });
    }

    protected static async Task ReplaceAsync(TestKubernetesApi api, ResourceKind kind, KubeObject found, Action<JsonObject> change)
    {
        var json = JsonObject.Create(found.Json)!;
        change(json);
        try
        {
            await api.ReplaceAsync(kind, KubeObject.From(json));
        }
        catch (KubernetesApiException exception) when (exception.IsConflict)
        {
            // The next reconciliation tries again.
        }
    }
}

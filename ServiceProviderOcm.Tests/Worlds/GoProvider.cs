using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Worlds;

/// <summary>
/// Replays what the Go provider v0.4.0 writes: by updates of the field manager <c>service-provider-ocm</c>, which replace the whole
/// <c>spec</c>, without labels on Flux objects and Secret copies, and with all keys and the type of a source Secret.
/// </summary>
public sealed class GoProvider : IDisposable
{
    private const string Name = "service-provider-ocm";
    private static readonly string[] Content = ["spec", "data"];

    private readonly ProviderWorld _world;
    private readonly ProviderApi _api;
    private readonly TestKubernetesApi _platform;
    private readonly TestKubernetesApi _onboarding;
    private readonly TestKubernetesApi _controlPlane;

    public GoProvider(ProviderWorld world, ProviderApi? api = null)
    {
        _api = api ?? world.Api;
        _world = world;
        _platform = new TestKubernetesApi(world.Platform, Name);
        _onboarding = new TestKubernetesApi(world.Onboarding, Name);
        _controlPlane = new TestKubernetesApi(world.Mcp, Name);
    }

    /// <summary>The Helm values of the ProviderConfig.</summary>
    public JsonObject? Values { get; init; }

    /// <summary>The source of the image pull secret; null if there is none.</summary>
    public string? PullSecret { get; init; }

    /// <summary>The chart's URL.</summary>
    public string ChartUrl { get; init; } = "oci://registry.example.com/charts/toolkit";

    /// <summary>An installed OCM, Ready as the Go provider reports it.</summary>
    public async Task<ObjectKey> InstalledAsync(string name = "mcp-01", string version = "0.3.0")
    {
        var ocm = _world.Ocm(name);
        await _world.ControlPlaneAsync(ocm);
        await _world.Onboarding.Api.ApplyAsync(_api.Ocm, new JsonObject
        {
            ["metadata"] = new JsonObject { ["namespace"] = ocm.Namespace, ["name"] = ocm.Name },
            ["spec"] = new JsonObject { ["version"] = version },
        });
        var found = await _onboarding.GetAsync(_api.Ocm, ocm, default);
        await ReplaceAsync(_onboarding, _api.Ocm, found, json => json["metadata"]!["finalizers"] = new JsonArray(_api.Finalizer));
        await WriteAsync(ocm, version);
        await Eventually.Async(
            () => _platform.GetAsync(PlatformKinds.HelmRelease, ProviderWorld.FluxKey(ocm), default),
            release => release.ReadyCondition.Text("status") == "True",
            "Flux has installed the chart");
        found = await _onboarding.GetAsync(_api.Ocm, ocm, default);
        await _onboarding.UpdateStatusAsync(_api.Ocm, ocm, new JsonObject
        {
            ["observedGeneration"] = found.Generation,
            ["phase"] = "Ready",
            ["conditions"] = new JsonArray(new JsonObject
            {
                ["type"] = "Ready",
                ["status"] = "True",
                ["reason"] = "Ready",
                ["message"] = "OCM is ready",
                ["observedGeneration"] = found.Generation,
                ["lastTransitionTime"] = "2026-08-01T00:00:00Z",
            }),
        });
        return ocm;
    }

    /// <summary>One reconciliation: the AccessRequest, the copies, and both Flux objects.</summary>
    public async Task WriteAsync(ObjectKey ocm, string version = "0.3.0")
    {
        var tenant = ProviderWorld.TenantNamespace(ocm);
        await WriteAsync(_platform, PlatformKinds.AccessRequest, AccessRequest(ocm));
        var access = await Eventually.Async(
            () => _platform.GetAsync(PlatformKinds.AccessRequest, AccessKey(ocm), default),
            request => request.Text("status", "secretRef", "name") is not null,
            "access is granted");
        if (PullSecret is not null)
        {
            await CopyAsync(_platform, PullSecret, new ObjectKey(tenant, ObjectNames.SecretCopy(PullSecret)));
        }

        foreach (var toolkit in Values?["manager"]?["imagePullSecrets"]?.AsArray() ?? [])
        {
            var source = toolkit!["name"]!.GetValue<string>();
            await _world.NamespaceAsync(_world.Mcp, ObjectNames.ToolkitNamespace);
            await CopyAsync(_controlPlane, source, new ObjectKey(ObjectNames.ToolkitNamespace, source));
        }

        await WriteAsync(_platform, PlatformKinds.OciRepository, OciRepository(tenant, version));
        await WriteAsync(_platform, PlatformKinds.HelmRelease, HelmRelease(tenant, access.Text("status", "secretRef", "name")!));
    }

    /// <summary>A copy of a source Secret in a tenant namespace or on the control plane.</summary>
    public Task CopyAsync(bool isOnControlPlane, string source, ObjectKey copy) =>
        CopyAsync(isOnControlPlane ? _controlPlane : _platform, source, copy);

    public void Dispose()
    {
        _platform.Dispose();
        _onboarding.Dispose();
        _controlPlane.Dispose();
    }

    private ObjectKey AccessKey(ObjectKey ocm) => new(ProviderWorld.TenantNamespace(ocm), ObjectNames.AccessRequest(_api, ocm.Name));

    private JsonObject AccessRequest(ObjectKey ocm) => new()
    {
        ["metadata"] = new JsonObject
        {
            ["name"] = AccessKey(ocm).Name,
            ["namespace"] = ProviderWorld.TenantNamespace(ocm),
            ["labels"] = new JsonObject(
                ObjectNames.AccessRequestLabels(_api, ocm)
                    .Append(new(ObjectNames.OnboardingNameLabel, ocm.Name))
                    .Append(new(ObjectNames.OnboardingNamespaceLabel, ocm.Namespace))
                    .Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value))),
            ["finalizers"] = new JsonArray(ObjectNames.AccessFinalizer),
        },
        ["spec"] = new JsonObject
        {
            ["requestRef"] = new JsonObject { ["name"] = ocm.Name, ["namespace"] = ProviderWorld.TenantNamespace(ocm) },
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
            (await _platform.GetAsync(Kinds.Secret, new ObjectKey(_world.PodNamespace, source), default)).Json)!;
        await WriteAsync(api, Kinds.Secret, new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = copy.Name, ["namespace"] = copy.Namespace },
            ["type"] = found["type"]!.DeepClone(),
            ["data"] = found["data"]?.DeepClone(),
        });
    }

    // Like controllerutil.CreateOrUpdate: only what the mutation sets is replaced.
    private static async Task WriteAsync(TestKubernetesApi api, ResourceKind kind, JsonObject manifest)
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

    private static async Task ReplaceAsync(TestKubernetesApi api, ResourceKind kind, KubeObject found, Action<JsonObject> change)
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

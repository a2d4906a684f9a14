using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Worlds;

/// <summary>Replays what the Go provider v0.4.0 does in a world.</summary>
public sealed class GoProvider : GoWriter
{
    private readonly ProviderWorld _world;
    private readonly ProviderApi _api;
    private readonly TestKubernetesApi _onboarding;

    public GoProvider(ProviderWorld world, ProviderApi? api = null)
        : base(
            api ?? world.Api,
            world.PodNamespace,
            new TestKubernetesApi(world.Platform, Name),
            new TestKubernetesApi(world.Mcp, Name))
    {
        _api = api ?? world.Api;
        _world = world;
        _onboarding = new TestKubernetesApi(world.Onboarding, Name);
    }

    /// <summary>What it requests on the onboarding cluster.</summary>
    public string OnboardingRules =>
        $$"""[{"apiGroups":["{{_api.Group}}"],"resources":["*"],"verbs":["*"]},{"apiGroups":["coordination.k8s.io"],"resources":["leases"],"verbs":["*"]}]""";

    /// <summary>
    /// Requests access to the onboarding cluster, as <c>run</c> does: by the same names as this provider, with more permissions.
    /// </summary>
    public async Task RequestOnboardingAsync()
    {
        var name = PlatformNames.RequestName(_api.Group, "onboarding-run");
        var token = new JsonObject
        {
            ["permissions"] = new JsonArray(new JsonObject { ["rules"] = JsonNode.Parse(OnboardingRules) }),
        };
        await RequestAsync(PlatformKinds.ClusterRequest, new JsonObject { ["purpose"] = "onboarding" });
        await RequestAsync(PlatformKinds.AccessRequest, new JsonObject
        {
            ["requestRef"] = new JsonObject { ["name"] = name, ["namespace"] = _world.PodNamespace },
            ["token"] = token,
        });

        Task RequestAsync(ResourceKind kind, JsonObject spec) => WriteAsync(Platform, kind, new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["namespace"] = _world.PodNamespace,
                ["labels"] = new JsonObject { [ObjectNames.ManagedByLabel] = ObjectNames.LabelValue(_api.Group) },
            },
            ["spec"] = spec,
        });
    }

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
            () => Platform.GetAsync(PlatformKinds.HelmRelease, ProviderWorld.FluxKey(ocm), default),
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

    /// <inheritdoc/>
    protected override void Dispose(bool isDisposing)
    {
        if (isDisposing)
        {
            _onboarding.Dispose();
        }

        base.Dispose(isDisposing);
    }

    /// <inheritdoc/>
    protected override Task PrepareControlPlaneAsync() => _world.NamespaceAsync(_world.Mcp, ObjectNames.ToolkitNamespace);
}

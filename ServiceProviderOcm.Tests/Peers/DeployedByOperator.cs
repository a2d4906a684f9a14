using System.Globalization;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Peers.Processes;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Peers;

/// <summary>
/// The provider as the real openmcp-operator deploys it: its Job and its Deployment exist on the API server, where neither kubelet nor
/// controllers of these kinds run. Reports their status.
/// </summary>
internal sealed class DeployedByOperator : OperatorDeployment
{
    private static readonly ResourceKind Job = new("batch", "v1", "Job", "jobs", IsNamespaced: true);
    private static readonly ResourceKind Deployment = new("apps", "v1", "Deployment", "deployments", IsNamespaced: true);

    private readonly PeerProcess _operator;
    private readonly TimeSpan _timeout;
    private long _updated;

    private DeployedByOperator(ProviderWorld world, PeerProcess operatorProcess, TimeSpan timeout)
        : base(world, ServerUser.AdminName) => (_operator, _timeout) = (operatorProcess, timeout);

    /// <summary>Starts the operator.</summary>
    /// <param name="peers">The clusters.</param>
    /// <param name="timeout">How long it may take for one thing.</param>
    public static async Task<DeployedByOperator> StartAsync(PeerWorld peers, TimeSpan timeout) =>
        new(peers.Provider, await peers.StartOperatorAsync(), timeout);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _operator.DisposeAsync();
    }

    protected override Task<KubeObject> JobAsync(KubeObject provider) => FindAsync(
        Job, job => job.Annotations.GetValueOrDefault("openmcp.cloud/provider-generation") == provider.Generation.ToString(CultureInfo.InvariantCulture));

    protected override async Task<KubeObject> DeploymentAsync(KubeObject provider, KubeObject job)
    {
        var now = Timestamp();
        await World.Platform.Api.UpdateStatusAsync(Job, job.Key, new JsonObject
        {
            ["startTime"] = now,
            ["completionTime"] = now,
            ["succeeded"] = 1,
            ["conditions"] = new JsonArray(Condition("SuccessCriteriaMet", now), Condition("Complete", now)),
        });
        var deployment = await FindAsync(Deployment, found => found.Generation > _updated);
        _updated = deployment.Generation;
        return deployment;
    }

    protected override async Task ReadyAsync(KubeObject provider, KubeObject deployment)
    {
        var replicas = deployment.Json.Number("spec", "replicas") ?? 1;
        await World.Platform.Api.UpdateStatusAsync(Deployment, deployment.Key, new JsonObject
        {
            ["observedGeneration"] = deployment.Generation,
            ["replicas"] = replicas,
            ["updatedReplicas"] = replicas,
            ["readyReplicas"] = replicas,
            ["availableReplicas"] = replicas,
            ["conditions"] = new JsonArray(Condition("Available", Timestamp())),
        });
        await Eventually.Async(
            () => World.Platform.Api.GetAsync(PlatformKinds.ServiceProvider, Key, default),
            found => found.Json.Text("status", "phase") == "Ready" && found.Json.Number("status", "observedGeneration") == provider.Generation,
            "the operator reports the ServiceProvider as Ready",
            _timeout);
    }

    private Task<KubeObject> FindAsync(ResourceKind kind, Func<KubeObject, bool> isNew) => Eventually.Async(
        async () => (await World.Platform.Api.ListAllAsync(kind)).FirstOrDefault(owner => IsOfProvider(owner) && isNew(owner)),
        found => found is not null,
        $"the operator writes a {kind.Kind}",
        _timeout)!;

    private bool IsOfProvider(KubeObject owner) => owner.Json.Items("spec", "template", "spec", "containers").First().Items("args")
        .Any(argument => argument.GetString() == $"--provider-name={World.ProviderName}");

    private static JsonObject Condition(string type, string now) => new()
    {
        ["type"] = type,
        ["status"] = "True",
        ["reason"] = "Test",
        ["message"] = "Reported by the test",
        ["lastTransitionTime"] = now,
    };

    private static string Timestamp() => Timestamps.Time(TimeProvider.System.GetUtcNow());
}

using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Peers.Processes;

/// <summary>Starts openmcp-operator's deployment controller; the stand-in of the cluster provider grants access.</summary>
public static class OperatorPeer
{
    /// <summary>The kind of pods.</summary>
    public static readonly ResourceKind Pod = new("", "v1", "Pod", "pods", IsNamespaced: true);

    private const string Name = "openmcp-operator";

    /// <summary>Runs <c>init</c>, which installs the operator's kinds, and starts <c>run</c>.</summary>
    /// <param name="binaries">Where it is.</param>
    /// <param name="world">The clusters.</param>
    /// <param name="folder">A folder for its configuration and logs.</param>
    public static async Task<PeerProcess> StartAsync(PeerBinaries binaries, ProviderWorld world, string folder)
    {
        // init reads its own image from its pod.
        await world.Platform.Api.ApplyAsync(Pod, new JsonObject
        {
            ["metadata"] = new JsonObject { ["namespace"] = world.PodNamespace, ["name"] = Name },
            ["spec"] = new JsonObject
            {
                ["containers"] = new JsonArray(new JsonObject { ["name"] = Name, ["image"] = "registry.example.com/openmcp-operator" }),
            },
        });
        var config = Path.Combine(folder, "operator.yaml");
        await File.WriteAllTextAsync(config, """
            managedControlPlane:
              mcpClusterPurpose: mcp
            scheduler:
              scope: Cluster
              purposeMappings:
                mcp: {template: {spec: {profile: test, tenancy: Exclusive}}}
                platform: {template: {spec: {profile: test, tenancy: Shared}}}
                onboarding: {template: {spec: {profile: test, tenancy: Shared}}}
            """);
        var environment = new Dictionary<string, string>
        {
            ["POD_NAME"] = Name,
            ["POD_NAMESPACE"] = world.PodNamespace,
            ["POD_IP"] = "127.0.0.1",
            ["POD_SERVICE_ACCOUNT_NAME"] = Name,
        };
        string[] common =
            ["--environment=test", $"--kubeconfig={world.KubeconfigFile(world.Platform)}", $"--config={config}", "--verbosity=INFO"];
        await using (var init = PeerProcess.Start(binaries, Peer.Operator, folder, environment, ["init", .. common]))
        {
            await init.EndAsync();
        }

        var health = $"127.0.0.1:{LoopbackPort.Free()}";
        var run = PeerProcess.Start(
            binaries, Peer.Operator, folder, environment,
            ["run", .. common, "--controllers=deploymentcontroller", "--metrics-bind-address=0", $"--health-probe-bind-address={health}"]);
        try
        {
            using var http = new HttpClient { BaseAddress = new Uri($"http://{health}/") };
            await run.ReadyAsync(http, "readyz");
            return run;
        }
        catch
        {
            await run.DisposeAsync();
            throw;
        }
    }
}

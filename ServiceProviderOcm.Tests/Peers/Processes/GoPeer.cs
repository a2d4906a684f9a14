using System.Globalization;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Peers.Processes;

/// <summary>Starts the Go provider with the flags and variables of openmcp-operator, on the clusters of a world.</summary>
/// <param name="binaries">Where it is.</param>
/// <param name="world">The clusters.</param>
public sealed class GoPeer(PeerBinaries binaries, ProviderWorld world)
{
    /// <summary>Runs <c>init</c> to its end.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message has its output.</exception>
    public async Task InitAsync()
    {
        await using var init = Start("init");
        if (await init.EndAsync() is not 0 and var code)
        {
            throw new InvalidOperationException(
                string.Create(CultureInfo.InvariantCulture, $"{Peer.GoProvider} init exits with {code}:\n{string.Join('\n', init.Output.Concat(init.Errors))}"));
        }
    }

    /// <summary>Starts <c>run</c>.</summary>
    /// <param name="flags">More flags.</param>
    public WorkerProcess Run(params string[] flags) =>
        Start("run", [$"--health-probe-bind-address=127.0.0.1:{LoopbackPort.Free()}", "--metrics-bind-address=0", .. flags]);

    private WorkerProcess Start(string command, params string[] flags) => WorkerProcess.StartProgram(
        binaries.PathOf(Peer.GoProvider),
        [command, "--environment=test", "--verbosity=INFO", $"--provider-name={world.ProviderName}", .. flags],
        new Dictionary<string, string?>
        {
            ["KUBECONFIG"] = world.KubeconfigFile(world.Platform),
            ["POD_NAME"] = "go-provider",
            ["POD_NAMESPACE"] = world.PodNamespace,
            ["POD_IP"] = "127.0.0.1",
            ["POD_SERVICE_ACCOUNT_NAME"] = "go-provider",
        });
}

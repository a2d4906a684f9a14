using ServiceProviderOcm.Tests.Provider;

namespace ServiceProviderOcm.Tests.Playground;

/// <summary>A platform to play with: real API servers, stand-ins for the cluster provider and Flux, a tenant and the Worker.</summary>
public static class Play
{
    private const string Sample = "mcp-01";

    public static async Task RunAsync(bool stopWhenReady, CancellationToken cancellationToken)
    {
        Say("starting three API servers: platform, onboarding and a tenant's control plane");
        await using var world = await ProviderWorld.CreateAsync();
        await world.PullSecretAsync();
        await world.ConfigureAsync();
        var ocm = world.Ocm(Sample);
        await world.ControlPlaneAsync(ocm);

        Say("starting the Worker");
        await using var worker = world.StartWorker("--format", "text");
        await world.ApplyOcmAsync(ocm);
        await world.ReadyAsync(ocm);
        foreach (var line in worker.Output)
        {
            Say($"  {line}");
        }

        Say($"OCM {ocm} is Ready. Behind it, in namespace {ProviderWorld.TenantNamespace(ocm)} on the platform cluster:");
        foreach (var leftover in await world.LeftoversAsync(ocm))
        {
            Say($"  {leftover}");
        }

        if (stopWhenReady)
        {
            return;
        }

        var onboarding = world.KubeconfigFile(world.Onboarding);
        var platform = world.KubeconfigFile(world.Platform);
        Say($"""

            Look around, in another terminal:
              kubectl --kubeconfig {onboarding} get ocm -A
              kubectl --kubeconfig {onboarding} describe ocm -n {ocm.Namespace} {ocm.Name}
              kubectl --kubeconfig {platform} get accessrequests,ocirepositories,helmreleases,secrets -n {ProviderWorld.TenantNamespace(ocm)}
              kubectl --kubeconfig {platform} edit helmrelease -n {ProviderWorld.TenantNamespace(ocm)} {ProviderWorld.FluxKey(ocm).Name}
              kubectl --kubeconfig {onboarding} delete ocm -n {ocm.Namespace} {ocm.Name}

            Ctrl+C ends it all.
            """);
        await Task.Delay(Timeout.Infinite, cancellationToken);
    }

    private static void Say(string text) => Console.WriteLine(text);
}

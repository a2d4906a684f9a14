using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Tests.Support.Certificates;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Provider;

/// <summary>A controller that starts while all OCMs are Ready writes nothing for them.</summary>
public sealed class IdleRestartTests : ProviderFixture
{
    private const string Other = "mcp-02";

    [Test]
    public async Task A_restart_with_Ready_OCMs_writes_nothing()
    {
        await World.PullSecretAsync();
        await World.CaBundleAsync(new TestPki("platform").Pem);
        await World.ConfigureAsync(new JsonObject
        {
            ["pollInterval"] = "1h",
            ["imagePullSecret"] = new JsonObject { ["name"] = ProviderWorld.PullSecretName },
            ["caBundleRef"] = new JsonObject { ["name"] = ProviderWorld.CaBundleName, ["key"] = "ca.crt" },
            ["values"] = new JsonObject
            {
                ["manager"] = new JsonObject
                {
                    ["imagePullSecrets"] = new JsonArray(new JsonObject { ["name"] = ProviderWorld.PullSecretName }),
                },
            },
        });
        World.StartController();
        await World.ReadyTenantAsync();
        await World.StopControllerAsync();

        var writes = new ConcurrentQueue<string>();
        foreach (var faults in new[] { World.PlatformFaults, World.OnboardingFaults, World.McpFaults })
        {
            faults.BeforeWrites(request => writes.Enqueue($"{request.Method} {request.RequestUri!.AbsolutePath}"));
        }

        // The second OCM is enqueued after the first: when it is Ready, the first was reconciled.
        World.StartController();
        await World.ReadyTenantAsync(Other);

        var tenant = ProviderWorld.TenantNamespace(World.Ocm(Other));
        Assert.That(writes, Has.Some.Contains(tenant));
        Assert.That(
            writes.Where(write => !write.Contains(tenant, StringComparison.Ordinal)
                && !write.Contains($"/{Other}", StringComparison.Ordinal)
                && !write.EndsWith("/events", StringComparison.Ordinal)),
            Is.Empty);
    }
}

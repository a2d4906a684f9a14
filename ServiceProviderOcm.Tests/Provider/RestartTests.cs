using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Provider;

/// <summary>The controller dies at each of its writes, before or after the server has carried it out, and another takes over.</summary>
public sealed class RestartTests : ProviderFixture
{
    private static readonly ControllerOptions Abrupt = new() { DrainTimeout = TimeSpan.Zero };

    [SetUp]
    public async Task Start()
    {
        await World.PullSecretAsync();
        await World.ConfigureAsync(new JsonObject { ["imagePullSecret"] = new JsonObject { ["name"] = ProviderWorld.PullSecretName } });
    }

    [Test]
    public async Task An_installation_completes_after_a_crash_at_any_write([Range(1, 6)] int write, [Values] bool isCarriedOut)
    {
        await World.ControlPlaneAsync(Ocm);
        await DieAtAsync(write, isCarriedOut, () => World.ApplyOcmAsync(Ocm));
        World.StartController();
        await World.ReadyAsync(Ocm);
    }

    [Test]
    public async Task A_deletion_completes_after_a_crash_at_any_write([Range(1, 6)] int write, [Values] bool isCarriedOut)
    {
        World.StartController();
        await World.ReadyTenantAsync();
        await World.StopControllerAsync();
        await DieAtAsync(write, isCarriedOut, () => World.DeleteOcmAsync(Ocm));
        World.StartController();
        await World.GoneAsync(Ocm);
        Assert.That(await World.LeftoversAsync(Ocm), Is.Empty);
    }

    [Test]
    public async Task Objects_on_the_control_plane_are_pruned_after_a_crash_at_any_write([Range(2, 7)] int write, [Values] bool isCarriedOut)
    {
        await World.ControlPlaneAsync(Ocm);
        await World.ConfigureAsync(new JsonObject
        {
            ["values"] = ToolkitValues.WithPullSecret(),
        });
        await DieAtAsync(write, isCarriedOut, () => World.ApplyOcmAsync(Ocm));
        await World.ConfigureAsync();
        World.StartController();
        await World.ReadyAsync(Ocm);
        await Eventually.Async(World.PlacedAsync, placed => placed.Count == 0, "nothing is left on the control plane");
    }

    private async Task DieAtAsync(int write, bool isCarriedOut, Func<Task> begin)
    {
        var dead = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var writes = 0;
        void Count(HttpRequestMessage request)
        {
            if (request.RequestUri!.AbsolutePath.EndsWith("/events", StringComparison.Ordinal))
            {
                return;
            }

            if (Interlocked.Increment(ref writes) >= write)
            {
                dead.TrySetResult();
                throw new IOException("dead");
            }
        }

        void Refuse(HttpRequestMessage request)
        {
            if (dead.Task.IsCompleted)
            {
                throw new IOException("dead");
            }
        }

        foreach (var faults in new[] { World.PlatformFaults, World.OnboardingFaults, World.McpFaults })
        {
            if (isCarriedOut)
            {
                faults.BeforeWrites(Refuse);
                faults.AfterWrites(Count);
            }
            else
            {
                faults.BeforeWrites(Count);
            }
        }

        World.StartController(Abrupt);
        await begin();
        await dead.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await World.StopControllerAsync();
        World.PlatformFaults.Clear();
        World.OnboardingFaults.Clear();
        World.McpFaults.Clear();
    }
}

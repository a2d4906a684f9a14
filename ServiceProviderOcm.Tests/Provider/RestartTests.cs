using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Objects;
using ServiceProviderOcm.Core.Reconcile;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Provider;

/// <summary>The controller dies at each of its writes, before or after the server has carried it out, and another takes over.</summary>
[Category("RealServer")]
[TestFixtureSource(typeof(ApiGroups), nameof(ApiGroups.All))]
public sealed class RestartTests(ProviderApi api)
{
    private static readonly ControllerOptions Abrupt = new() { DrainTimeout = TimeSpan.Zero };

    private ProviderWorld _world = null!;
    private ObjectKey _ocm;

    [SetUp]
    public async Task Start()
    {
        _world = await ProviderWorld.CreateAsync(api);
        _ocm = _world.Ocm();
        await _world.PullSecretAsync();
        await _world.ConfigureAsync(new JsonObject { ["imagePullSecret"] = new JsonObject { ["name"] = ProviderWorld.PullSecretName } });
    }

    [TearDown]
    public async Task Stop()
    {
        if (_world is not null)
        {
            await _world.DisposeAsync();
        }
    }

    [Test]
    public async Task While_installing([Range(1, 6)] int write, [Values] bool isCarriedOut)
    {
        await _world.ControlPlaneAsync(_ocm);
        await DieAtAsync(write, isCarriedOut, () => _world.ApplyOcmAsync(_ocm));
        _world.StartController();
        await _world.ReadyAsync(_ocm);
    }

    [Test]
    public async Task While_deleting([Range(1, 6)] int write, [Values] bool isCarriedOut)
    {
        _world.StartController();
        await _world.ReadyTenantAsync();
        await _world.StopControllerAsync();
        await DieAtAsync(write, isCarriedOut, () => _world.DeleteOcmAsync(_ocm));
        _world.StartController();
        await _world.GoneAsync(_ocm);
        Assert.That(await _world.LeftoversAsync(_ocm), Is.Empty);
    }

    [Test]
    public async Task While_putting_something_on_the_control_plane_that_is_not_wanted_any_more_then([Range(2, 7)] int write, [Values] bool isCarriedOut)
    {
        await _world.ControlPlaneAsync(_ocm);
        await _world.ConfigureAsync(new JsonObject
        {
            ["values"] = new JsonObject
            {
                ["manager"] = new JsonObject
                {
                    ["imagePullSecrets"] = new JsonArray(new JsonObject { ["name"] = ProviderWorld.PullSecretName }),
                },
            },
        });
        await DieAtAsync(write, isCarriedOut, () => _world.ApplyOcmAsync(_ocm));
        await _world.ConfigureAsync();
        _world.StartController();
        await _world.ReadyAsync(_ocm);
        await Eventually.Async(_world.PlacedAsync, placed => placed.Count == 0, "nothing is left on the control plane");
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

        foreach (var faults in new[] { _world.PlatformFaults, _world.OnboardingFaults, _world.McpFaults })
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

        _world.StartController(Abrupt);
        await begin();
        await dead.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await _world.StopControllerAsync();
        _world.PlatformFaults.Clear();
        _world.OnboardingFaults.Clear();
        _world.McpFaults.Clear();
    }
}

using System.Diagnostics;
using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Bench;

/// <summary>The tenants of a benchmark, spread over namespaces. The ProviderConfig makes every managed object exist.</summary>
public sealed class Fleet : IAsyncDisposable
{
    private const int TenantsPerNamespace = 1000;

    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan ShortestDelay = TimeSpan.FromMilliseconds(20);

    private Fleet(ProviderWorld world)
    {
        World = world;
    }

    /// <summary>The clusters.</summary>
    public ProviderWorld World { get; }

    /// <summary>Configures the provider.</summary>
    /// <param name="withControlPlaneObjects">Whether each control plane gets an image pull secret, and is watched.</param>
    /// <param name="pollInterval">How often each OCM is reconciled if nothing changes. It sends no request, but takes processor time.</param>
    public static async Task<Fleet> CreateAsync(bool withControlPlaneObjects = false, string pollInterval = "1m")
    {
        var manager = new JsonObject { ["replicas"] = 1 };
        if (withControlPlaneObjects)
        {
            manager["imagePullSecrets"] = new JsonArray(new JsonObject { ["name"] = ProviderWorld.PullSecretName });
        }

        var world = await ProviderWorld.OnSharedServersAsync(new ProviderApi(ProviderApi.DefaultGroup));
        await world.Permissions.GrantDetectingRunAsync(world.Identity);
        await world.PullSecretAsync();
        await world.ConfigureAsync(new JsonObject
        {
            ["pollInterval"] = pollInterval,
            ["imagePullSecret"] = new JsonObject { ["name"] = ProviderWorld.PullSecretName },
            ["values"] = new JsonObject { ["manager"] = manager },
            ["rollout"] = new JsonObject { ["maxUnavailable"] = "100%" },
        });
        return new Fleet(world);
    }

    /// <summary>A fleet on clusters that the caller has configured; it disposes them.</summary>
    public static Fleet Of(ProviderWorld world) => new(world);

    /// <summary>Creates OCMs, and what the platform creates for each.</summary>
    /// <param name="prefix">What their names begin with.</param>
    /// <param name="tenants">How many, 1,000 of them per namespace.</param>
    /// <param name="firstNamespace">The number of the first namespace.</param>
    public async Task<IReadOnlyList<ObjectKey>> AddAsync(string prefix, int tenants, int firstNamespace = 0)
    {
        List<ObjectKey> keys = [];
        for (var number = 0; number < tenants; number++)
        {
            var index = firstNamespace + (number / TenantsPerNamespace);
            var ns = index == 0 ? World.Workspace : $"{World.Workspace}-{index}";
            if (index > 0 && number % TenantsPerNamespace == 0)
            {
                await World.NamespaceAsync(World.Onboarding, ns);
            }

            keys.Add(new ObjectKey(ns, $"{prefix}-{number:00000}"));
        }

        await Parallel.ForEachAsync(keys, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (key, _) =>
        {
            await World.ControlPlaneAsync(key);
            await World.ApplyOcmAsync(key);
        });
        return keys;
    }

    /// <summary>Removes all tenants with what they have on the platform cluster: the Worker would report it as orphaned.</summary>
    public async Task RemoveAllAsync()
    {
        await World.Onboarding.CleanAsync(World.Api.Ocm);
        await World.Platform.CleanAsync(
            PlatformKinds.HelmRelease, PlatformKinds.OciRepository, PlatformKinds.AccessRequest, PlatformKinds.ClusterRequest, Kinds.Secret);
        await World.PullSecretAsync();
    }

    /// <summary>Waits until so many OCMs are Ready.</summary>
    public Task ReadyAsync(int tenants) => WaitAsync(async () =>
        (await World.Onboarding.Api.ListAllAsync(World.Api.Ocm)).Count(ocm => ocm.Json.Text("status", "phase") == "Ready") >= tenants);

    /// <summary>Waits for a condition whose check takes long in a large fleet: at most a tenth of the time is spent on it.</summary>
    public static async Task WaitAsync(Func<Task<bool>> condition)
    {
        var clock = Stopwatch.StartNew();
        var started = clock.Elapsed;
        while (!await condition())
        {
            if (clock.Elapsed > Timeout)
            {
                throw new AssertionException($"not within {Timeout.TotalMinutes} min");
            }

            var delay = (clock.Elapsed - started) * 9;
            await Task.Delay(delay > ShortestDelay ? delay : ShortestDelay, TimeProvider.System);
            started = clock.Elapsed;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => World.DisposeAsync();
}

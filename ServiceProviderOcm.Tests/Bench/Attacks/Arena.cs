using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Bench.Attacks;

/// <summary>The clusters and the Worker that are attacked, and the tenants that attack them.</summary>
public sealed class Arena
{
    private const int Concurrency = 16;

    private static readonly TimeSpan RemovalTimeout = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<string, string> _kubeconfigs = new(StringComparer.Ordinal);

    public Arena(ProviderWorld world)
    {
        World = world;
        Namespace = $"{world.Workspace}-hostile";
        world.KubeconfigOf = request => _kubeconfigs.GetValueOrDefault(request.Namespace);
    }

    /// <summary>The clusters.</summary>
    public ProviderWorld World { get; }

    /// <summary>The namespace of all hostile OCMs.</summary>
    public string Namespace { get; }

    /// <summary>Where the Worker serves metrics.</summary>
    public Uri MetricsUrl { get; set; } = new("https://127.0.0.1");

    /// <summary>Where the Worker answers probes.</summary>
    public Uri HealthUrl { get; set; } = new("http://127.0.0.1");

    /// <summary>Keys of hostile OCMs.</summary>
    public IReadOnlyList<ObjectKey> Keys(int count) => [.. Enumerable.Range(0, count).Select(number => new ObjectKey(Namespace, $"hostile-{number:0000}"))];

    /// <summary>Does something for each, several at once.</summary>
    public static Task ForEachAsync(IEnumerable<ObjectKey> keys, Func<ObjectKey, Task> action) => Parallel.ForEachAsync(
        keys, new ParallelOptions { MaxDegreeOfParallelism = Concurrency }, async (key, _) => await action(key));

    /// <summary>Creates hostile tenants, and what the platform creates for each.</summary>
    /// <param name="count">How many.</param>
    /// <param name="kubeconfig">The kubeconfig of their control planes.</param>
    public async Task<IReadOnlyList<ObjectKey>> AddTenantsAsync(int count, string kubeconfig)
    {
        var keys = Keys(count);
        await ForEachAsync(keys, async key =>
        {
            _kubeconfigs[ProviderWorld.TenantNamespace(key)] = kubeconfig;
            await World.ControlPlaneAsync(key);
            await World.ApplyOcmAsync(key);
        });
        return keys;
    }

    /// <summary>Removes all hostile OCMs: their control planes first, so that their deletion does not wait for them.</summary>
    public async Task RemoveAllAsync()
    {
        var keys = (await World.Onboarding.Api.ListAllAsync(World.Api.Ocm, Namespace)).Select(ocm => ocm.Key).ToList();
        await ForEachAsync(keys, async key =>
        {
            if (_kubeconfigs.TryRemove(ProviderWorld.TenantNamespace(key), out _))
            {
                await World.Platform.Api.DeleteAsync(PlatformKinds.ClusterRequest, new ObjectKey(ProviderWorld.TenantNamespace(key), key.Name));
            }

            await World.DeleteOcmAsync(key);
        });
        try
        {
            await Eventually.Async(
                async () => (await World.Onboarding.Api.ListAsync(World.Api.Ocm, new(Namespace, Limit: 1), default)).Items.Count == 0,
                "the hostile OCMs are gone",
                RemovalTimeout);
        }
        catch (AssertionException)
        {
            await Console.Error.WriteLineAsync("bench: hostile OCMs are not deleted in time; their finalizers are removed");
            await ForEachAsync(keys, RemoveFinalizersAsync);
        }
    }

    /// <summary>Removes the finalizers of all hostile OCMs, page by page.</summary>
    public async Task RemoveFinalizersAsync()
    {
        const int PageSize = 50;
        string? next = null;
        do
        {
            var page = await World.Onboarding.Api.ListAsync(World.Api.Ocm, new(Namespace, Limit: PageSize, Continue: next), default);
            await ForEachAsync(page.Items.Select(ocm => ocm.Key), RemoveFinalizersAsync);
            next = page.Continue;
        }
        while (next is { Length: > 0 });
    }

    private async Task RemoveFinalizersAsync(ObjectKey key)
    {
        try
        {
            await World.Onboarding.Api.MergePatchAsync(
                World.Api.Ocm, key, new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = null } });
        }
        catch (KubernetesApiException gone) when (gone.IsNotFound)
        {
        }
    }
}

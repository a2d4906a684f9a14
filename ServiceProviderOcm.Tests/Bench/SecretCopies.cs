using System.Diagnostics;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Bench;

/// <summary>The tenants' copies of the image pull secret.</summary>
internal static class SecretCopies
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    /// <summary>Rotates the secret, and returns how long it takes until the last copy is like it. A watch sees them, not a poll.</summary>
    /// <param name="world">The clusters.</param>
    /// <param name="tenants">The number of copies.</param>
    /// <param name="password">What the secret is to contain.</param>
    public static async Task<TimeSpan> RotateAsync(ProviderWorld world, int tenants, string password)
    {
        using var timeout = new CancellationTokenSource(Timeout, TimeProvider.System);
        var selector = ObjectNames.CopySelector(world.Api);
        var page = await world.Platform.Api.ListAsync(Kinds.Secret, new ListRequest(LabelSelector: selector, Limit: 1), timeout.Token);
        var watch = world.Platform.Api.WatchAsync(
            Kinds.Secret, new WatchRequest(page.ResourceVersion, null, selector, null, Timeout), timeout.Token);
        var content = (await world.PullSecretAsync(password)).Json.Text("data", ".dockerconfigjson");
        var clock = Stopwatch.StartNew();
        var done = new HashSet<ObjectKey>();
        await foreach (var change in watch)
        {
            if (change.Type != WatchEventType.Bookmark && change.Subject.Json.Text("data", ".dockerconfigjson") == content
                && done.Add(change.Subject.Key) && done.Count == tenants)
            {
                break;
            }
        }

        return clock.Elapsed;
    }

    /// <summary>Writes all copies in a plain loop, and returns how long that takes.</summary>
    public static async Task<TimeSpan> WriteAllAsync(ProviderWorld world, IReadOnlyList<ObjectKey> ocms)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = Floor.Concurrency };
        var patch = new JsonObject { ["data"] = new JsonObject { [".dockerconfigjson"] = Convert.ToBase64String("{\"auths\":{}}"u8) } };
        var clock = Stopwatch.StartNew();
        await Parallel.ForEachAsync(
            ocms,
            options,
            async (ocm, token) => await world.Platform.Api.MergePatchAsync(Kinds.Secret, ProviderWorld.SecretCopy(ocm), patch, token));
        return clock.Elapsed;
    }
}

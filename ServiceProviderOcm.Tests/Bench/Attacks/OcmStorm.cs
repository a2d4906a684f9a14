using System.Globalization;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;

namespace ServiceProviderOcm.Tests.Bench.Attacks;

/// <summary>OCMs that are changed as fast as the API server accepts it: their version, or the annotation that requests an operation.</summary>
internal sealed class OcmStorm(string name, int tenants, int clients, bool requestsOperation) : Attack(name)
{
    private IReadOnlyList<ObjectKey> _keys = [];
    private int _changes;

    protected override async Task BeginAsync(Arena arena)
    {
        _keys = await arena.AddTenantsAsync(tenants, arena.World.McpKubeconfig);
        Repeat(clients, async (_, token) =>
        {
            var number = Interlocked.Increment(ref _changes);
            var change = requestsOperation
                ? new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [Operation.Annotation] = "reconcile" } } }
                : new JsonObject { ["spec"] = new JsonObject { ["version"] = string.Create(CultureInfo.InvariantCulture, $"0.4.{number}") } };
            await arena.World.Onboarding.Api.MergePatchAsync(
                arena.World.Api.Ocm, _keys[number % _keys.Count], change, cancellationToken: token);
        });
    }

    protected override Task CleanAsync(Arena arena) => arena.RemoveAllAsync();
}

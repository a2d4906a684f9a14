using System.Text;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Tests.Bench.Attacks;

/// <summary>Kubeconfigs that are expensive to read, written again and again.</summary>
/// <param name="name">A row of docs/security.md.</param>
/// <param name="tenants">How many tenants have one.</param>
/// <param name="kubeconfig">The kubeconfig.</param>
internal sealed class HostileKubeconfigs(string name, int tenants, string kubeconfig) : Attack(name)
{
    private const int Clients = 2;

    private IReadOnlyList<ObjectKey> _keys = [];

    protected override async Task BeginAsync(Arena arena)
    {
        _keys = await arena.AddTenantsAsync(tenants, kubeconfig);
        var written = 0;
        Repeat(Clients, async (_, token) =>
        {
            var number = Interlocked.Increment(ref written);
            var secret = ClusterProviderStandIn.SecretOf(arena.World.AccessRequest(_keys[number % _keys.Count]));
            await arena.World.Platform.Api.MergePatchAsync(
                Kinds.Secret,
                secret,
                new JsonObject
                {
                    ["data"] = new JsonObject { ["kubeconfig"] = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{kubeconfig}\n#{number % 10}")) },
                },
                cancellationToken: token);
        });
    }

    protected override Task CleanAsync(Arena arena) => arena.RemoveAllAsync();
}

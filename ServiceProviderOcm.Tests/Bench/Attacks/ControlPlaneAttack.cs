using Microsoft.AspNetCore.Http;

namespace ServiceProviderOcm.Tests.Bench.Attacks;

/// <summary>Tenants whose control planes are hostile.</summary>
/// <param name="name">A row of docs/security.md.</param>
/// <param name="controlPlanes">How many of them.</param>
/// <param name="start">Starts their API server.</param>
internal sealed class ControlPlaneAttack(string name, int controlPlanes, Func<Task<HostileServer>> start) : Attack(name)
{
    private HostileServer? _server;

    /// <param name="name">A row of docs/security.md.</param>
    /// <param name="controlPlanes">How many of them.</param>
    /// <param name="script">Answers a request, or returns false.</param>
    public ControlPlaneAttack(string name, int controlPlanes, Func<HttpContext, CancellationToken, Task<bool>> script)
        : this(name, controlPlanes, () => HostileServer.StartAsync(script))
    {
    }

    protected override async Task BeginAsync(Arena arena)
    {
        _server = await start();
        await arena.AddTenantsAsync(controlPlanes, _server.Kubeconfig);
    }

    protected override async Task CleanAsync(Arena arena)
    {
        await _server!.DisposeAsync();
        await arena.RemoveAllAsync();
    }
}

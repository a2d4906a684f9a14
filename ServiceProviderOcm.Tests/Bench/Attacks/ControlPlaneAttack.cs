using Microsoft.AspNetCore.Http;

namespace ServiceProviderOcm.Tests.Bench.Attacks;

/// <summary>Tenants whose control planes answer as a script does.</summary>
/// <param name="name">A row of docs/security.md.</param>
/// <param name="controlPlanes">How many of them.</param>
/// <param name="script">Answers a request, or returns false.</param>
internal sealed class ControlPlaneAttack(string name, int controlPlanes, Func<HttpContext, CancellationToken, Task<bool>> script)
    : Attack(name)
{
    private HostileServer? _server;

    protected override async Task BeginAsync(Arena arena)
    {
        _server = await HostileServer.StartAsync(script);
        await arena.AddTenantsAsync(controlPlanes, _server.Kubeconfig);
    }

    protected override async Task CleanAsync(Arena arena)
    {
        await _server!.DisposeAsync();
        await arena.RemoveAllAsync();
    }
}

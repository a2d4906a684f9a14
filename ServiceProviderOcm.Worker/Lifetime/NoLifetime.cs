using Microsoft.Extensions.Hosting;

namespace ServiceProviderOcm.Worker.Lifetime;

/// <summary>For hosts inside this process: they start and stop when they are told to, whatever signals the process gets.</summary>
internal sealed class NoLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

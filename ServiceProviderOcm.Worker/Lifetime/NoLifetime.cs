using Microsoft.Extensions.Hosting;

namespace ServiceProviderOcm.Worker.Lifetime;

/// <summary>For hosts inside this process: they are started and stopped by code, not by signals to the process.</summary>
internal sealed class NoLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

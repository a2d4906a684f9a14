using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Tests.Bench.Attacks;

/// <summary>What a tenant, the administrator of its control plane, or a network client can do to the controller.</summary>
/// <param name="name">A row of docs/security.md.</param>
public abstract class Attack(string name)
{
    private readonly List<Task> _loops = [];
    private CancellationToken _stopping;

    /// <summary>A row of docs/security.md.</summary>
    public string Name => name;

    /// <summary>Whether the Worker starts when the attack has begun.</summary>
    public virtual bool PrecedesWorker => false;

    /// <summary>Begins.</summary>
    /// <param name="arena">What is attacked.</param>
    /// <param name="stopping">Ends the attack.</param>
    public Task StartAsync(Arena arena, CancellationToken stopping)
    {
        _stopping = stopping;
        return BeginAsync(arena);
    }

    /// <summary>Waits until the attack has ended, and removes what it has made.</summary>
    public async Task StopAsync(Arena arena)
    {
        await Task.WhenAll(_loops);
        await CleanAsync(arena);
    }

    /// <summary>Begins.</summary>
    protected abstract Task BeginAsync(Arena arena);

    /// <summary>Removes what the attack has made.</summary>
    protected virtual Task CleanAsync(Arena arena) => Task.CompletedTask;

    /// <summary>Does something again and again until the attack is stopped, several times at once. Failures end nothing.</summary>
    protected void Repeat(int concurrency, Func<int, CancellationToken, Task> action)
    {
        for (var number = 0; number < concurrency; number++)
        {
            var own = number;
            _loops.Add(Task.Run(() => RepeatAsync(own, action)));
        }
    }

    private async Task RepeatAsync(int number, Func<int, CancellationToken, Task> action)
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await action(number, _stopping);
            }
            catch (Exception exception) when (exception is IOException or HttpRequestException or KubernetesApiException
                or OperationCanceledException or System.Net.Sockets.SocketException)
            {
                await Task.Yield();
            }
        }
    }
}

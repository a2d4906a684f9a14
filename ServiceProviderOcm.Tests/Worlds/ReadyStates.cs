using System.Collections.Concurrent;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Tests.Worlds;

/// <summary>The states of an OCM over time, from a watch; null for one without the condition Ready.</summary>
public sealed class ReadyStates : IDisposable
{
    private static readonly TimeSpan WatchTimeout = TimeSpan.FromMinutes(10);

    private readonly ConcurrentQueue<string?> _seen = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _watching;

    /// <summary>Starts to watch.</summary>
    /// <param name="world">The clusters.</param>
    /// <param name="ocm">The OCM.</param>
    /// <param name="stateAsync">The state; the status of the condition Ready by default.</param>
    public ReadyStates(ProviderWorld world, ObjectKey ocm, Func<KubeObject, Task<string?>>? stateAsync = null) =>
        _watching = WatchAsync(world, ocm, stateAsync ?? (seen => Task.FromResult(seen.ReadyCondition.Text("status"))));

    /// <summary>Stops, and returns the states seen.</summary>
    public async Task<IReadOnlyCollection<string?>> SeenAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        return _seen;
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private async Task WatchAsync(ProviderWorld world, ObjectKey ocm, Func<KubeObject, Task<string?>> stateAsync)
    {
        try
        {
            var page = await world.Onboarding.Api.ListAsync(world.Api.Ocm, new ListRequest(), _stop.Token);
            await foreach (var change in world.Onboarding.Api.WatchAsync(
                world.Api.Ocm, new WatchRequest(page.ResourceVersion, null, null, null, WatchTimeout), _stop.Token))
            {
                if (change.Type != WatchEventType.Bookmark && change.Subject.Key == ocm)
                {
                    _seen.Enqueue(await stateAsync(change.Subject));
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Enough.
        }
    }
}

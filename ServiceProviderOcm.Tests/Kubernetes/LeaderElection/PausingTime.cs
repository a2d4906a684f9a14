using Microsoft.Extensions.Time.Testing;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Kubernetes.LeaderElection;

/// <summary>A clock that stands still until the test lets an expected pause of another thread pass.</summary>
/// <param name="pause">How long these pauses are.</param>
public sealed class PausingTime(TimeSpan pause) : FakeTimeProvider
{
    private int _begun;
    private int _passed;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime == pause)
        {
            Interlocked.Increment(ref _begun);
        }

        return timer;
    }

    /// <summary>Waits until a further pause has begun.</summary>
    public async Task PauseBegunAsync()
    {
        await Eventually.Async(() => Volatile.Read(ref _begun) > _passed, "a pause begins");
        _passed = Volatile.Read(ref _begun);
    }

    /// <summary>Waits until a further pause has begun, and lets it pass.</summary>
    public async Task PassPauseAsync()
    {
        await PauseBegunAsync();
        Advance(pause);
    }
}

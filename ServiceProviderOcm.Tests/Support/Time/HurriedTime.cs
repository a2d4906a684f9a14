using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace ServiceProviderOcm.Tests.Support.Time;

/// <summary>A clock that jumps over pauses, so that nothing has to wait for them, and remembers how long they were.</summary>
/// <param name="longest">Timers that run longer are no pauses: they expire only when a test advances the clock.</param>
public sealed class HurriedTime(TimeSpan longest) : FakeTimeProvider
{
    private readonly ConcurrentQueue<TimeSpan> _pauses = [];

    /// <summary>The pauses so far.</summary>
    public IReadOnlyList<TimeSpan> Pauses => [.. _pauses];

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime > TimeSpan.Zero && dueTime <= longest)
        {
            _pauses.Enqueue(dueTime);
            ThreadPool.QueueUserWorkItem(_ => Advance(dueTime));
        }

        return timer;
    }
}

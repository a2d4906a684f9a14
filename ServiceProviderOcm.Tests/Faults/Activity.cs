using System.Collections.Concurrent;

namespace ServiceProviderOcm.Tests.Faults;

/// <summary>What moves between clients and servers, to tell when all is idle. Thread-safe.</summary>
internal sealed class Activity
{
    // What is not counted, such as a continuation on its way to the next request, has run after that many others.
    private const int Hops = 20;
    private const int Calm = 3;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    // Work between two requests takes no longer, in real time, and in turns that this thread gets on a busy machine.
    private const int LongestWorkTurns = 100;
    private static readonly TimeSpan LongestWork = TimeSpan.FromSeconds(3);

    // Of real time: for all that follows a change.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly ConcurrentDictionary<Transit, bool> _transits = new();
    private long _moves;
    private long _writes;
    private int _running;

    /// <summary>The number of writes so far.</summary>
    public long Writes => Interlocked.Read(ref _writes);

    private bool IsMoving => Volatile.Read(ref _running) > 0 || _transits.Keys.Any(transit => transit.IsBusy);

    public void Began()
    {
        Interlocked.Increment(ref _running);
        Interlocked.Increment(ref _moves);
    }

    public void Ended()
    {
        Interlocked.Decrement(ref _running);
        Interlocked.Increment(ref _moves);
    }

    public void Wrote() => Interlocked.Increment(ref _writes);

    /// <summary>A new stream.</summary>
    public Transit Open()
    {
        var transit = new Transit(closed => _transits.TryRemove(closed, out _));
        _transits[transit] = true;
        return transit;
    }

    /// <summary>Waits until nothing moves any more, and nothing is being processed, or what is being processed waits for a timer.</summary>
    /// <param name="isBusy">Whether something is being processed.</param>
    public async Task WaitUntilIdleAsync(Func<bool> isBusy)
    {
        var (start, still, turns) = (Now, Now, 0);
        for (var calm = 0; calm < Calm && (Since(still) < LongestWork || turns < LongestWorkTurns);)
        {
            if (Since(start) > Limit)
            {
                throw new TimeoutException(
                    $"not idle after {Limit}: {Volatile.Read(ref _running)} requests, {_transits.Keys.Count(transit => transit.IsBusy)} streams, "
                    + $"{(isBusy() ? "work" : "no work")} in progress");
            }

            var before = Interlocked.Read(ref _moves);
            for (var hop = 0; hop < Hops; hop++)
            {
                await Task.Run(() => { });
            }

            await Task.Delay(Pause, TimeProvider.System);
            var isStill = !IsMoving && Interlocked.Read(ref _moves) == before;
            (still, turns) = isStill ? (still, turns + 1) : (Now, 0);
            calm = isStill && !isBusy() ? calm + 1 : 0;
        }
    }

    private static long Now => TimeProvider.System.GetTimestamp();

    private static TimeSpan Since(long moment) => TimeProvider.System.GetElapsedTime(moment);
}

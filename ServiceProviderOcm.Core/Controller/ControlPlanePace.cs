namespace ServiceProviderOcm.Core.Controller;

/// <summary>
/// Back-off on slow success: a slow turn is followed by a pause as long as the turn, which doubles with each consecutive one. So slow
/// control planes leave room for others, however many there are. One caller at a time may end turns; all may read.
/// </summary>
internal sealed class ControlPlanePace(ControlPlaneTurnOptions options, TimeProvider time)
{
    private const int MaxDoublings = 10;

    private readonly long _start = time.GetTimestamp();
    private TimeSpan _pauseEnd;
    private int _slowTurns;

    /// <summary>Whether the last turn was slow.</summary>
    public bool IsSlow => _slowTurns > 0;

    /// <summary>What is left of the pause.</summary>
    public TimeSpan Pause => _pauseEnd > Now ? _pauseEnd - Now : TimeSpan.Zero;

    private TimeSpan Now => time.GetElapsedTime(_start);

    /// <summary>A turn has ended.</summary>
    /// <param name="took">How long it took.</param>
    /// <param name="longestCall">How long its longest call took.</param>
    public void Ended(TimeSpan took, TimeSpan longestCall)
    {
        _slowTurns = longestCall >= options.SlowCall ? _slowTurns + 1 : 0;
        if (IsSlow)
        {
            var pause = took * Math.Pow(2, Math.Min(_slowTurns - 1, MaxDoublings));
            _pauseEnd = Now + (pause < options.MaxPause ? pause : options.MaxPause);
        }
    }
}

namespace ServiceProviderOcm.Tests.Bench;

/// <summary>How long something took each time.</summary>
internal sealed class Latencies
{
    // What was never measured is no pass.
    private const double None = 99_999;

    private readonly Lock _lock = new();
    private readonly List<double> _milliseconds = [];

    /// <summary>How often it was measured.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _milliseconds.Count;
            }
        }
    }

    /// <summary>The longest, in milliseconds.</summary>
    public double Max => Quantile(1);

    /// <summary>Adds one.</summary>
    public void Add(TimeSpan latency)
    {
        lock (_lock)
        {
            _milliseconds.Add(Math.Max(0, latency.TotalMilliseconds));
        }
    }

    /// <summary>The smallest that is not exceeded by this share of them, in milliseconds.</summary>
    public double Quantile(double share)
    {
        lock (_lock)
        {
            var sorted = _milliseconds.Order().ToList();
            return sorted.Count == 0 ? None : sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Count) - 1)];
        }
    }
}

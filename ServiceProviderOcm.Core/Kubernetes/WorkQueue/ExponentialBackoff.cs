using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.WorkQueue;

/// <summary>Per-key exponential back-off: the pause doubles with each failure in a row, and is jittered so that keys drift apart.</summary>
internal sealed class ExponentialBackoff(TimeSpan baseDelay, TimeSpan maxDelay, Random random)
{
    private readonly Dictionary<ObjectKey, int> _failures = [];

    public TimeSpan Next(ObjectKey key)
    {
        var failures = _failures.GetValueOrDefault(key);
        _failures[key] = failures + 1;
        var doubled = baseDelay.TotalMilliseconds * Math.Pow(2, Math.Min(failures, 40));
        var jitter = 0.5 + (random.NextDouble() / 2);
        return TimeSpan.FromMilliseconds(Math.Min(doubled, maxDelay.TotalMilliseconds) * jitter);
    }

    public void Forget(ObjectKey key) => _failures.Remove(key);
}

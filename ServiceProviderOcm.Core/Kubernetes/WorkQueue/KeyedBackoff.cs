using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Timing;

namespace ServiceProviderOcm.Core.Kubernetes.WorkQueue;

/// <summary>A back-off of its own for each key.</summary>
internal sealed class KeyedBackoff(Backoff backoff)
{
    private readonly Dictionary<ObjectKey, int> _failures = [];

    /// <summary>The number of keys that have failed and not been forgotten.</summary>
    public int Count => _failures.Count;

    /// <summary>The delay after one more failure of the key.</summary>
    public TimeSpan Next(ObjectKey key)
    {
        var failures = _failures.GetValueOrDefault(key);
        _failures[key] = failures + 1;
        return backoff.Delay(failures);
    }

    public void Forget(ObjectKey key) => _failures.Remove(key);
}

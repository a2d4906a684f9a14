using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.WorkQueue;

/// <summary>A key to process, and why.</summary>
/// <param name="Key">The key.</param>
/// <param name="Reasons">The merged reasons for which the key was added.</param>
public readonly record struct QueueItem<TReasons>(ObjectKey Key, TReasons Reasons)
{
    /// <summary>How long the key was in the queue. Delays do not count.</summary>
    public TimeSpan Waited { get; init; }
}

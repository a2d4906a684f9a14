using System.Collections.Concurrent;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.WorkQueue;

namespace ServiceProviderOcm.Core.Report;

/// <summary>
/// How often a status is written, with its Events: tenants and control planes cause changes as often as they like, and the API server keeps each
/// Event for an hour. Thread-safe.
/// </summary>
/// <param name="ocmsPerNamespace">The maximum number of OCMs of a namespace that are reported.</param>
/// <param name="time">Clock.</param>
public sealed class ReportPace(int ocmsPerNamespace, TimeProvider time)
{
    /// <summary>How many reports of an OCM are written at once.</summary>
    public const int OcmBurst = 30;

    /// <summary>How many reports of a namespace are written at once, for each OCM that it may have.</summary>
    public const int NamespaceBurstPerOcm = 5;

    /// <summary>How many reports of a namespace are written per second, on average.</summary>
    public const int NamespacePerSecond = 5;

    /// <summary>The average time between two reports of an OCM.</summary>
    public static readonly TimeSpan OcmInterval = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan LongestNamespaceDelay = TimeSpan.FromMinutes(10);

    private readonly RateLimits<ObjectKey> _ocms = new(OcmBurst, 1 / OcmInterval.TotalSeconds, time);
    private readonly RateLimits<string> _namespaces = new(
        (int)Math.Min((long)NamespaceBurstPerOcm * ocmsPerNamespace, int.MaxValue), NamespacePerSecond, time, LongestNamespaceDelay);

    // Turns in their namespaces, which OCMs wait for one after the other. A turn that is not needed when it comes is kept.
    private readonly ConcurrentDictionary<ObjectKey, (long TakenAt, TimeSpan Delay)> _waiting = new();

    /// <summary>The number of OCMs and namespaces that were reported of late, and of OCMs that wait for others of their namespace.</summary>
    public int Count => _ocms.Count + _namespaces.Count + _waiting.Count;

    /// <summary>Takes a turn if there is one; otherwise returns how long to wait.</summary>
    public TimeSpan TryTake(ObjectKey ocm)
    {
        if (_waiting.TryGetValue(ocm, out var turn))
        {
            var rest = turn.Delay - time.GetElapsedTime(turn.TakenAt);
            if (rest > TimeSpan.Zero)
            {
                return rest;
            }

            _waiting.TryRemove(ocm, out _);
            return TimeSpan.Zero;
        }

        if (_ocms.TryTake(ocm) is var own && own > TimeSpan.Zero)
        {
            return own;
        }

        var delay = _namespaces.Take(ocm.Namespace, 1);
        if (delay > TimeSpan.Zero)
        {
            _waiting[ocm] = (time.GetTimestamp(), delay);
        }

        return delay;
    }

    /// <summary>Drops the turn that an OCM waits for, because it is gone. One that is created again has no more turns than if it had stayed.</summary>
    public void Drop(ObjectKey ocm) => _waiting.TryRemove(ocm, out _);
}

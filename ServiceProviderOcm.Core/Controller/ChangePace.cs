using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.WorkQueue;

namespace ServiceProviderOcm.Core.Controller;

/// <summary>
/// How soon changes are reconciled: tenants and control planes cause them as often as they like, and each may cause writes. The API server
/// sends an OCM that is written to all watches as a whole: a namespace has a budget for large ones. Thread-safe.
/// </summary>
/// <param name="options">How often for an OCM, and how many bytes for a namespace.</param>
/// <param name="time">Clock.</param>
internal sealed class ChangePace(ControllerOptions options, TimeProvider time)
{
    // What an OCM may have without a charge: several times what a usual one has.
    private const int FreeBytes = 8 << 10;

    private readonly RateLimits<ObjectKey> _changes = new(options.ChangeBurst, 1 / options.ChangeInterval.TotalSeconds, time);
    private readonly RateLimits<string> _bytes = new(
        options.NamespaceBurstBytes, options.NamespaceBytesPerSecond, time, options.LongestNamespaceDelay);

    /// <summary>The number of OCMs that were changed of late.</summary>
    public int Count => _changes.Count;

    /// <summary>How long to wait before a change is reconciled.</summary>
    /// <param name="ocm">The OCM.</param>
    /// <param name="bytes">The size of the OCM as the API server has sent it; 0 if something else has changed.</param>
    public TimeSpan DelayOf(ObjectKey ocm, int bytes = 0)
    {
        var turn = _changes.TryTake(ocm);
        var traffic = bytes <= FreeBytes ? TimeSpan.Zero : _bytes.Take(ocm.Namespace, bytes - FreeBytes);
        return turn > traffic ? turn : traffic;
    }
}

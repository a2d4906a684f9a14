using ServiceProviderOcm.Core.Kubernetes.LeaderElection;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Text;

namespace ServiceProviderOcm.Core.Tools.Check;

/// <summary>Checks that a replica leads. Pure.</summary>
internal static class LeaseCheck
{
    private const string SeePods = "Check that the controller's pods are running.";

    // The holder's clock may be ahead or behind.
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(1);

    /// <param name="name">The result's name.</param>
    /// <param name="key">The Lease.</param>
    /// <param name="lease">The object; null if not found.</param>
    /// <param name="isElecting">Whether leader election is on.</param>
    /// <param name="now">The current time.</param>
    public static CheckResult Of(string name, ObjectKey key, KubeObject? lease, bool isElecting, DateTimeOffset now)
    {
        if (lease is null)
        {
            return isElecting
                ? CheckResult.Warning(name, $"Lease {key} not found: no replica has started yet.", "Start the controller.")
                : CheckResult.Ok(name, $"Lease {key} not found; it is not needed without --leader-elect.");
        }

        var record = LeaseRecord.Of(lease);
        if (record.Holder.Length == 0)
        {
            return CheckResult.Warning(name, $"Lease {key} is released; no replica leads.", SeePods);
        }

        var renewed = lease.Json.Moment("spec", "renewTime");
        return now - renewed > (record.Duration ?? TimeSpan.Zero) + Tolerance
            ? CheckResult.Warning(name, $"Lease {key} was last renewed by {ForeignText.Quote(record.Holder)} at {Second(renewed)}; no replica leads.", SeePods)
            : CheckResult.Ok(name, $"{ForeignText.Quote(record.Holder)} has led since {Second(lease.Json.Moment("spec", "acquireTime"))}.");
    }

    private static string Second(DateTimeOffset? moment) =>
        moment is { } known ? Timestamps.Time(known) : "an unknown time";
}

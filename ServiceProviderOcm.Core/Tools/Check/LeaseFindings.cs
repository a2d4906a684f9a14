using System.Globalization;
using ServiceProviderOcm.Core.Kubernetes.LeaderElection;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Tools.Check;

/// <summary>Says who leads. Pure.</summary>
internal static class LeaseFindings
{
    private const string SeePods = "See whether the controller's pods run.";

    // The holder's clock may be ahead or behind.
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(1);

    /// <param name="name">The finding's name.</param>
    /// <param name="key">The Lease.</param>
    /// <param name="lease">What it says; null if there is none.</param>
    /// <param name="isElecting">Whether the controller elects a leader, as far as the settings say.</param>
    /// <param name="now">The present moment.</param>
    public static Finding Of(string name, ObjectKey key, KubeObject? lease, bool isElecting, DateTimeOffset now)
    {
        if (lease is null)
        {
            return isElecting
                ? Finding.Warning(name, $"There is no Lease {key}: no replica has run yet.", "Start the controller.")
                : Finding.Ok(name, $"There is no Lease {key}; without --leader-elect there need not be one.");
        }

        var record = LeaseRecord.Of(lease);
        if (record.Holder.Length == 0)
        {
            return Finding.Warning(name, $"Lease {key} has been given up; nobody leads.", SeePods);
        }

        var renewed = lease.Json.Moment("spec", "renewTime");
        return now - renewed > (record.Duration ?? TimeSpan.Zero) + Tolerance
            ? Finding.Warning(name, $"Lease {key} was last renewed by {record.Holder} at {Second(renewed)}; nobody leads.", SeePods)
            : Finding.Ok(name, $"{record.Holder} leads since {Second(lease.Json.Moment("spec", "acquireTime"))}.");
    }

    private static string Second(DateTimeOffset? moment) =>
        moment?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "an unknown time";
}

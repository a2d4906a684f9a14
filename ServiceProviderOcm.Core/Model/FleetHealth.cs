using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Configuration;

namespace ServiceProviderOcm.Core.Model;

/// <summary>What is wrong with OCMs, for metrics. Pure functions.</summary>
public static class FleetHealth
{
    /// <summary>The reason of the Ready condition of each OCM that is not Ready; null where it has none yet.</summary>
    public static IEnumerable<string?> ReasonsNotReady(IEnumerable<KubeObject> ocms) =>
        from ocm in ocms
        let ready = ocm.ReadyCondition
        where ready.Text("status") != "True"
        select ready.Text("reason");

    /// <summary>The number of OCMs with a version that the catalogue marks as deprecated.</summary>
    public static int Deprecated(InstallConfig config, IEnumerable<KubeObject> ocms)
    {
        var deprecated = config.Catalog
            .Where(entry => entry.Deprecation is not null)
            .Select(entry => entry.Version)
            .ToHashSet(StringComparer.Ordinal);
        return deprecated.Count == 0 ? 0 : ocms.Count(ocm => deprecated.Contains(ocm.Json.Text("spec", "version") ?? ""));
    }

    /// <summary>The time since the first deletion was requested that has not ended; 0 if no OCM is being deleted.</summary>
    public static TimeSpan LongestDeletion(IEnumerable<KubeObject> ocms, DateTimeOffset now) =>
        ocms.Select(ocm => ocm.Json.Moment("metadata", "deletionTimestamp")).Min() is { } requested && requested < now
            ? now - requested
            : TimeSpan.Zero;
}

using ServiceProviderOcm.Core.Kubernetes.Objects;

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

    /// <summary>The time since the first deletion was requested that has not ended; 0 if no OCM is being deleted.</summary>
    public static TimeSpan LongestDeletion(IEnumerable<KubeObject> ocms, DateTimeOffset now) =>
        ocms.Select(ocm => ocm.Json.Moment("metadata", "deletionTimestamp")).Min() is { } requested && requested < now
            ? now - requested
            : TimeSpan.Zero;
}

using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.Configuration;

namespace ServiceProviderOcm.Core.Rollout;

/// <summary>What a rollout decides on of one OCM, from the objects. Pure functions, shared by the controller and the commands.</summary>
public static class RolloutMembers
{
    // Helm's own words: control planes that need no objects are not watched.
    private const string Unreachable = "Kubernetes cluster unreachable";

    /// <summary>Whether an OCM is a canary.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="tenantNamespace">Its namespace on the platform cluster; null if there is none.</param>
    public static bool IsCanary(RolloutSettings settings, KubeObject? tenantNamespace) =>
        settings.Canary is { } canary && tenantNamespace is not null && canary.Matches(tenantNamespace.Labels);

    /// <summary>An OCM that is installed, before it is known whether it is updated and Ready.</summary>
    /// <param name="ocm">The OCM.</param>
    /// <param name="marks">What its Flux objects say.</param>
    /// <param name="newest">The configuration that is rolled out.</param>
    /// <param name="isCanary">Whether it is a canary.</param>
    /// <param name="isLimited">Whether a limit keeps it from being written.</param>
    /// <param name="now">The time.</param>
    public static RolloutMember Of(
        KubeObject ocm, RevisionMarks marks, InstallConfig newest, bool isCanary, bool isLimited, DateTimeOffset now) =>
        new(ocm.Key, IsUpdated: false, IsReady: false, now)
        {
            IsCanary = isCanary,
            IsHeld = isLimited || Operation.IsIgnore(ocm) || !newest.TryResolve(ocm.Json.Text("spec", "version") ?? "", out _, out _),
            UpdatedAt = marks.UpdatedAt,
            WasReady = marks.WasReady,
        };

    /// <summary>The same, with its readiness.</summary>
    /// <param name="member">What is known.</param>
    /// <param name="ocm">The OCM.</param>
    /// <param name="isReady">Whether it is Ready, as is known now; its condition may be older.</param>
    /// <param name="isUnreachable">Whether its control plane is known to be unreachable.</param>
    /// <param name="message">Why it is not Ready.</param>
    /// <param name="flux">Its Flux objects.</param>
    /// <param name="now">The time.</param>
    public static RolloutMember WithReadiness(
        RolloutMember member,
        KubeObject ocm,
        bool isReady,
        bool isUnreachable,
        string message,
        IEnumerable<KubeObject?> flux,
        DateTimeOffset now)
    {
        var since = isReady == IsReady(ocm) ? ocm.ReadyCondition.Moment("lastTransitionTime") : null;
        return member with
        {
            IsReady = isReady,
            ReadyChangedAt = since ?? now,
            IsReadinessReported = since is not null,
            IsUnreachable = isUnreachable || message.Contains(Unreachable, StringComparison.Ordinal),
            IsStalled = flux.Any(FluxStatus.HasStalled),
            Message = isReady ? "" : message,
        };
    }

    /// <summary>Whether the condition of an OCM says that it is Ready.</summary>
    public static bool IsReady(KubeObject ocm) => ocm.ReadyCondition.Text("status") == "True";
}

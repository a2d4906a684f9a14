using System.Collections.Frozen;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Text;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Core.Model.States;

namespace ServiceProviderOcm.Core.Rollout;

/// <summary>What a rollout decides on of one OCM, from the objects. Pure functions, shared by the controller and the commands.</summary>
public static class RolloutMembers
{
    // Helm's own words: control planes that need no objects are not watched.
    private const string Unreachable = "Kubernetes cluster unreachable";

    private static readonly FrozenSet<string> UnreachableReasons =
        new[] { Reasons.ControlPlaneUnreachable, Reasons.ControlPlaneOverdue }.ToFrozenSet(StringComparer.Ordinal);

    // They say of the request only: what is installed is left as it is.
    private static readonly FrozenSet<string> ReasonsOfRequest = new[]
    {
        Reasons.InvalidVersion, Reasons.VersionNotOffered, Reasons.InvalidProviderConfig, Reasons.InvalidChartUrl, Reasons.LimitExceeded,
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Whether an OCM is a canary.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="tenantNamespace">Its namespace on the platform cluster; null if there is none.</param>
    public static bool IsCanary(RolloutSettings settings, KubeObject? tenantNamespace) =>
        settings.Canary is { } canary && tenantNamespace is not null && canary.Matches(tenantNamespace.Labels);

    /// <summary>
    /// Whether the failure of a canary counts still. Where the namespace is gone, it does: its owner may have deleted the control plane, and
    /// nobody has decided that it is no canary.
    /// </summary>
    /// <param name="settings">The settings. While they are invalid, nobody knows which OCMs are canaries.</param>
    /// <param name="tenantNamespace">Its namespace on the platform cluster; null if there is none.</param>
    public static bool MayBeCanary(RolloutSettings settings, KubeObject? tenantNamespace) => settings.Errors.Count > 0
        || (tenantNamespace is null ? settings.Canary is not null : IsCanary(settings, tenantNamespace));

    /// <summary>An OCM that is installed, before it is known whether it is updated and Ready.</summary>
    /// <param name="ocm">The OCM.</param>
    /// <param name="marks">What its Flux objects say.</param>
    /// <param name="newest">The configuration that is rolled out.</param>
    /// <param name="isCanary">Whether it is a canary.</param>
    /// <param name="isLimited">Whether a limit keeps it from being written.</param>
    /// <param name="now">The time.</param>
    public static RolloutMember Of(
        KubeObject ocm, RevisionMarks marks, InstallConfig newest, bool isCanary, bool isLimited, DateTimeOffset now)
    {
        var isNotOffered = !newest.TryResolve(ocm.Json.Text("spec", "version") ?? "", out _, out _);
        return new RolloutMember(ocm.Key, IsUpdated: false, IsReady: false, now)
        {
            IsCanary = isCanary,
            IsHeld = isLimited || isNotOffered || Operation.IsIgnore(ocm),
            IsNotOffered = isNotOffered,
            UpdatedAt = marks.UpdatedAt,
            WasReady = marks.WasReady,
        };
    }

    /// <summary>
    /// The same, with its readiness: that of what is installed, where the OCM is not Ready only since its version cannot be had.
    /// </summary>
    /// <param name="member">What is known.</param>
    /// <param name="ocm">The OCM.</param>
    /// <param name="isReady">Whether it is Ready, as is known now; its condition may be older.</param>
    /// <param name="reason">The reason of its condition, as is known now.</param>
    /// <param name="message">The message with it.</param>
    /// <param name="source">Its OCIRepository.</param>
    /// <param name="release">Its HelmRelease.</param>
    /// <param name="now">The time.</param>
    public static RolloutMember WithReadiness(
        RolloutMember member,
        KubeObject ocm,
        bool isReady,
        string reason,
        string message,
        KubeObject? source,
        KubeObject? release,
        DateTimeOffset now)
    {
        var isOfInstalled = !isReady && ReasonsOfRequest.Contains(reason) && IsInstalled(source, release);
        var changedAt = (isOfInstalled ? release!.ReadyCondition : ocm.ReadyCondition).Moment("lastTransitionTime");
        var isReported = changedAt is not null && (isOfInstalled || isReady == IsReady(ocm));

        // One whose condition is older than its update has not been Ready since, unless somebody has seen it.
        var unreported = !isReady && changedAt <= member.UpdatedAt ? member.UpdatedAt.Value : now;
        return member with
        {
            IsReady = isReady || isOfInstalled,
            ReadyChangedAt = isReported ? changedAt!.Value : unreported,
            IsReadinessReported = isReported,
            IsUnreachable = UnreachableReasons.Contains(reason) || message.Contains(Unreachable, StringComparison.Ordinal),
            IsStalled = FluxStatus.HasStalled(source, member.UpdatedAt) || FluxStatus.HasStalled(release, member.UpdatedAt),
            Message = isReady || isOfInstalled ? "" : message,
        };
    }

    /// <summary>Whether the condition of an OCM says that it is Ready.</summary>
    public static bool IsReady(KubeObject ocm) => ocm.ReadyCondition.Text("status") == "True";

    private static bool IsInstalled(KubeObject? source, KubeObject? release) =>
        source is not null && release is not null
        && FluxStatus.OfSource(source, SecretValues.None).State == FluxState.Ready
        && FluxStatus.OfRelease(release, source, SecretValues.None).State == FluxState.Ready;
}

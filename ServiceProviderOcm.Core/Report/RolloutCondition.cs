using System.Globalization;
using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Text;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Core.Rollout;

namespace ServiceProviderOcm.Core.Report;

/// <summary>The condition Progressing of the ProviderConfig, as a Deployment has one.</summary>
internal static class RolloutCondition
{
    /// <summary>Its type.</summary>
    public const string Type = "Progressing";

    private const int MaxNamed = 10;
    private const int LongestCause = 300;

    public static Condition Of(RolloutStatus rollout, InstallConfig config)
    {
        var (decision, revision) = (rollout.Decision, rollout.UpdateRevision);
        var progress = $"{Text(decision.Updated)} of {Text(rollout.Total)} OCMs are updated";
        var failed = decision.Failed.Count == 0 ? "" : $" Failed: {Named(decision.Failed, decision.Failed.Count)}.";
        var noCanary = config.Rollout.Canary is not null && decision.Canaries == 0 && rollout.Total > 0
            ? " spec.rollout.canary.selector matches the namespace of no OCM that can be updated: nothing is tried out first."
            : "";
        const string Fix = "Fix the configuration or return to an earlier one, or fix the OCMs";
        return decision.Phase switch
        {
            RolloutPhase.Complete => Progressing(
                true, ProviderConfigReasons.NewRevisionAvailable, $"Revision {revision} is rolled out: {progress}.{failed}{noCanary}"),
            RolloutPhase.Progressing => Progressing(
                true,
                ProviderConfigReasons.RolloutProgressing,
                $"Revision {revision} is being rolled out: {progress}, {Text(decision.Outdated)} are to follow.{failed}{noCanary}"),
            RolloutPhase.Paused => Progressing(
                false,
                ProviderConfigReasons.RolloutPaused,
                config.Rollout.Errors.Count > 0
                    ? $"The rollout of revision {revision} is paused, because spec.rollout is invalid: {progress}.{failed} Fix spec.rollout to continue."
                    : $"The rollout of revision {revision} is paused: {progress}.{failed} Set spec.rollout.paused to false to continue."),
            RolloutPhase.CanaryFailed => Stalled(
                $"a canary has failed.{failed} {Fix}. To go on without it, let spec.rollout.canary.selector no longer match its namespace"),
            RolloutPhase.TooManyFailures => Stalled(
                $"{Text(decision.Failed.Count)} updates have failed (spec.rollout.maxFailures: {config.Rollout.MaxFailures}).{failed} {Fix}"),
            RolloutPhase.NotOffered => Stalled(
                "it can install the version of none of them. Fix the configuration, or offer the versions that are in use"),
            _ => Stalled(
                $"{Text(decision.Unavailable)} OCMs are unavailable, and {Text(decision.MaxUnavailable)} may be "
                    + $"(spec.rollout.maxUnavailable: {config.Rollout.MaxUnavailable}): {Named(decision.Blocking, decision.Unavailable)}.{failed} "
                    + "Fix the OCMs that are not Ready, or raise maxUnavailable"),
        };

        Condition Stalled(string cause) => Progressing(
            false,
            ProviderConfigReasons.ProgressDeadlineExceeded,
            $"The rollout of revision {revision} has stalled: {progress}, and all others stay as they are, because {cause}.");
    }

    /// <summary>The condition before anything is decided about a revision.</summary>
    public static Condition Pending(string revision) => Progressing(
        true, ProviderConfigReasons.RolloutProgressing, $"Revision {revision} is rolled out once all OCMs are reconciled with it.");

    /// <summary>The condition as long as a revision cannot be stored: drift could not be reverted to it after a restart.</summary>
    public static Condition NotStored(string revision, string error) => Progressing(
        false,
        ProviderConfigReasons.RevisionNotStored,
        $"Revision {revision} is not stored, and no OCM is updated to it: {ForeignText.Cut(ForeignText.Line(error), LongestCause).TrimEnd('.')}. "
            + "It is retried. If it lasts, check the permissions of the controller for controllerrevisions.apps in its namespace.");

    /// <summary>Since when the rollout is stalled, as the status of the ProviderConfig says; null if it does not.</summary>
    public static DateTimeOffset? StalledSince(KubeObject providerConfig) =>
        providerConfig.Condition(Type) is { ValueKind: JsonValueKind.Object } condition
        && condition.Text("status") == Condition.StatusOf(false)
        && condition.Text("reason") == ProviderConfigReasons.ProgressDeadlineExceeded
            ? condition.Moment("lastTransitionTime")
            : null;

    private static string Named(IReadOnlyList<RolloutMember> members, int total)
    {
        var named = members.Take(MaxNamed)
            .Select(member => $"{member.Ocm} ({ForeignText.Cut(ForeignText.Line(CauseOf(member)), LongestCause).TrimEnd('.')})");
        var rest = total - Math.Min(members.Count, MaxNamed);
        return string.Join(", ", named) + (rest > 0 ? $" and {Text(rest)} more" : "");
    }

    private static string CauseOf(RolloutMember member) =>
        member.IsReady ? "Ready, but not for minReadySeconds yet"
        : member.Message.Length > 0 ? member.Message
        : "not Ready";

    private static Condition Progressing(bool isTrue, string reason, string message) => new(Type, isTrue, reason, message);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

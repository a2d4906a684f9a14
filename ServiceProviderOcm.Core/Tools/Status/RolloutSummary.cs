using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Core.Report;
using ServiceProviderOcm.Core.Tools.Rollouts;

namespace ServiceProviderOcm.Core.Tools.Status;

/// <summary>How far the rollout of a ProviderConfig is: what its status says, and which OCMs that concerns. A pure function.</summary>
/// <param name="ProviderConfig">The name of the ProviderConfig.</param>
/// <param name="State">How far it is.</param>
/// <param name="Reason">The reason of its condition Progressing; empty if there is none.</param>
/// <param name="Message">The message of that condition, or why there is none.</param>
/// <param name="Since">The last transition of that condition.</param>
/// <param name="CurrentRevision">The revision that was last rolled out completely; empty if that is not known.</param>
/// <param name="UpdateRevision">The newest revision; empty if that is not known.</param>
/// <param name="Ocms">The numbers of OCMs.</param>
/// <param name="Settings">How the change reaches the OCMs.</param>
public sealed record RolloutSummary(
    string ProviderConfig,
    RolloutState State,
    string Reason,
    string Message,
    DateTimeOffset? Since,
    string CurrentRevision,
    string UpdateRevision,
    RolloutCounts Ocms,
    RolloutSettings Settings)
{
    /// <summary>The canaries; null if there are none, or if they are not known.</summary>
    public CanaryCounts? Canaries { get; init; }

    /// <summary>The OCMs that their update has made unready; null if they are not known.</summary>
    public IReadOnlyList<FailedOcm>? Failed { get; init; }

    /// <summary>Reads the status.</summary>
    /// <param name="providerConfig">The ProviderConfig.</param>
    /// <param name="config">The same, parsed.</param>
    /// <param name="fleet">All OCMs; null if they are not known.</param>
    public static RolloutSummary Of(KubeObject providerConfig, InstallConfig config, ObservedFleet? fleet)
    {
        var progressing = providerConfig.Condition("Progressing");
        var state = StateOf(providerConfig, progressing.Text("reason"));
        return new RolloutSummary(
            providerConfig.Name,
            state,
            progressing.Text("reason") ?? "",
            state switch
            {
                RolloutState.Unknown => "The status has no rollout. Check that the controller is running.",
                RolloutState.Pending => "The controller has not observed the newest spec yet. If that lasts, check that it is running.",
                _ => progressing.Text("message") ?? "",
            },
            progressing.Moment("lastTransitionTime"),
            providerConfig.Json.Text("status", "currentRevision") ?? "",
            providerConfig.Json.Text("status", "updateRevision") ?? "",
            new RolloutCounts(Count("total"), Count("ready"), Count("updated"), Count("unavailable")),
            config.Rollout)
        {
            Canaries = fleet is not null && config.Rollout.Canary is not null
                ? new CanaryCounts(
                    fleet.Canaries.Count(), fleet.Canaries.Count(canary => canary.IsUpdated), fleet.Decision.HaveCanariesPassed)
                : null,
            Failed = fleet is null ? null
                : [.. fleet.Failed.Select(member => new FailedOcm(
                    member.Ocm, member.IsCanary, fleet.Find(member.Ocm)?.Ocm.ReadyCondition.Text("reason") ?? "", member.Message))],
        };

        long? Count(string field) => providerConfig.Json.Number("status", "ocms", field);
    }

    /// <inheritdoc/>
    public bool Equals(RolloutSummary? other) => other is not null
        && (ProviderConfig, State, Reason, Message, Since, CurrentRevision, UpdateRevision)
            == (other.ProviderConfig, other.State, other.Reason, other.Message, other.Since, other.CurrentRevision, other.UpdateRevision)
        && (Ocms, Canaries) == (other.Ocms, other.Canaries)
        && (Failed is null || other.Failed is null ? Failed is null && other.Failed is null : Failed.SequenceEqual(other.Failed));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(ProviderConfig, State, Reason, CurrentRevision, UpdateRevision, Ocms);

    private static RolloutState StateOf(KubeObject providerConfig, string? reason) =>
        providerConfig.Json.Number("status", "observedGeneration") is { } observed && observed != providerConfig.Generation ? RolloutState.Pending
        : reason switch
        {
            ProviderConfigReasons.NewRevisionAvailable => RolloutState.Complete,
            ProviderConfigReasons.RolloutProgressing => RolloutState.Progressing,
            ProviderConfigReasons.RolloutPaused => RolloutState.Paused,
            ProviderConfigReasons.ProgressDeadlineExceeded or ProviderConfigReasons.RevisionNotStored => RolloutState.Stalled,
            _ => RolloutState.Unknown,
        };
}

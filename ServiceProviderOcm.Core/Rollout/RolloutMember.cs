using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Configuration;

namespace ServiceProviderOcm.Core.Rollout;

/// <summary>What a rollout decides on of one OCM that is installed.</summary>
/// <param name="Ocm">The OCM.</param>
/// <param name="IsUpdated">Whether it is at the revision that is rolled out, or what is installed is the same in that revision.</param>
/// <param name="IsReady">Whether it is Ready.</param>
/// <param name="ReadyChangedAt">Since when it is Ready, or is not.</param>
public sealed record RolloutMember(ObjectKey Ocm, bool IsUpdated, bool IsReady, DateTimeOffset ReadyChangedAt)
{
    /// <summary>Whether it is updated before all that are not canaries.</summary>
    public bool IsCanary { get; init; }

    /// <summary>
    /// Whether it cannot be updated, such as one that is paused, or whose version the revision does not offer. The rollout does not wait
    /// for it.
    /// </summary>
    public bool IsHeld { get; init; }

    /// <summary>Whether it is held because the revision cannot install its version: it does not offer it, or is invalid.</summary>
    public bool IsNotOffered { get; init; }

    /// <summary>When a rollout has last updated it; null if none has since its installation or its own last change.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>Whether it was Ready before that update.</summary>
    public bool WasReady { get; init; }

    /// <summary>Whether it is known that it has not been available since that update. Only a process that has watched it knows.</summary>
    public bool WasNeverAvailable { get; init; }

    /// <summary>Whether its condition says that it is Ready, or is not; a write of its status may fail.</summary>
    public bool IsReadinessReported { get; init; } = true;

    /// <summary>Whether its control plane is unreachable.</summary>
    public bool IsUnreachable { get; init; }

    /// <summary>Whether Flux reports <c>Stalled=True</c>: it does not try again.</summary>
    public bool IsStalled { get; init; }

    /// <summary>Why it is not Ready.</summary>
    public string Message { get; init; } = "";

    /// <summary>
    /// Whether it is Ready, or is a canary that would be without an earlier update: what <see cref="WasReady"/> is after the next one. A
    /// canary that one change has broken still stops the next change if that is no better. Another OCM that is broken stops none.
    /// </summary>
    /// <param name="settings">The settings.</param>
    public bool IsReadyButForUpdates(RolloutSettings settings) =>
        IsReady || (IsCanary && WasReady && !IsUnreachable && WasUnavailableSinceUpdate(settings));

    /// <summary>When it becomes available, if it stays Ready; null if it is not Ready.</summary>
    /// <param name="minReady">How long it must be Ready.</param>
    internal DateTimeOffset? AvailableAt(TimeSpan minReady) =>
        IsReady ? (UpdatedAt > ReadyChangedAt ? UpdatedAt.Value : ReadyChangedAt) + minReady : null;

    /// <summary>Whether its update has made it unready: by the deadline, or before it was available.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="now">The time.</param>
    internal bool HasFailed(RolloutSettings settings, DateTimeOffset now) =>
        IsUpdated && !IsReady && WasReady && !IsUnreachable
        && WasUnavailableSinceUpdate(settings)
        && (IsStalled || now >= UpdatedAt + settings.ProgressDeadline);

    /// <summary>Whether its update may still succeed, or has not lasted yet.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="now">The time.</param>
    internal bool IsInProgress(RolloutSettings settings, DateTimeOffset now) =>
        IsUpdated && UpdatedAt is { } updatedAt
        && (AvailableAt(settings.MinReady) is { } available
            ? now < available
            : now < updatedAt + settings.ProgressDeadline && !HasFailed(settings, now));

    /// <summary>
    /// Whether it is a canary that was Ready before its update, and may become available or fail. One that is unreachable is no failure.
    /// </summary>
    /// <param name="settings">The settings.</param>
    /// <param name="now">The time.</param>
    internal bool IsUpdatingCanary(RolloutSettings settings, DateTimeOffset now) =>
        IsCanary && WasReady && !IsUnreachable && IsInProgress(settings, now);

    /// <summary>
    /// Whether its update stays one when its owner changes the version: that of a canary until it is available, and one that has failed.
    /// What becomes of another is its owner's matter.
    /// </summary>
    /// <param name="settings">The settings.</param>
    /// <param name="now">The time.</param>
    internal bool OutlastsOwnChange(RolloutSettings settings, DateTimeOffset now) =>
        IsCanary ? !IsReady || IsInProgress(settings, now) : HasFailed(settings, now);

    // What becomes unready later was available at its revision, and that is its own matter.
    private bool WasUnavailableSinceUpdate(RolloutSettings settings) =>
        WasNeverAvailable || ReadyChangedAt <= UpdatedAt + settings.ProgressDeadline + settings.MinReady;
}

using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Rollout;

/// <summary>What a rollout does next.</summary>
public sealed record RolloutDecision
{
    /// <summary>How far it is.</summary>
    public required RolloutPhase Phase { get; init; }

    /// <summary>The OCMs to update now, in this order.</summary>
    public IReadOnlyList<ObjectKey> Next { get; init; } = [];

    /// <summary>The OCMs that their update has made unready. A canary stays one of them until it is available at the revision.</summary>
    public IReadOnlyList<RolloutMember> Failed { get; init; } = [];

    /// <summary>The canaries among them, which the next decision must know.</summary>
    public IReadOnlyList<ObjectKey> FailedCanaries => [.. Failed.Where(member => member.IsCanary).Select(member => member.Ocm)];

    /// <summary>The canaries that are not available since their update, and may become so, which the next decision must know.</summary>
    public IReadOnlyList<ObjectKey> UpdatingCanaries { get; init; } = [];

    /// <summary>Some of the OCMs that are not available, if they are the reason why the rollout is stalled.</summary>
    public IReadOnlyList<RolloutMember> Blocking { get; init; } = [];

    /// <summary>The number of OCMs that are updated.</summary>
    public required int Updated { get; init; }

    /// <summary>The number of OCMs that are not updated, and can be.</summary>
    public required int Outdated { get; init; }

    /// <summary>The number of canaries that are updated, or can be.</summary>
    public int Canaries { get; init; }

    /// <summary>The number of OCMs that are not available.</summary>
    public required int Unavailable { get; init; }

    /// <summary>How many OCMs may be unavailable.</summary>
    public required int MaxUnavailable { get; init; }

    /// <summary>
    /// Whether the canaries are updated and none has failed, so that other OCMs may be. While the settings are invalid, nobody knows that.
    /// </summary>
    public required bool HaveCanariesPassed { get; init; }

    /// <summary>When time alone may lead to another decision; null if it does not.</summary>
    public DateTimeOffset? CheckAt { get; init; }

    /// <summary>Whether nothing is updated, apart from canaries that have failed, until somebody acts or OCMs become Ready.</summary>
    public bool IsStalled => Phase
        is RolloutPhase.TooManyFailures or RolloutPhase.CanaryFailed or RolloutPhase.TooManyUnavailable or RolloutPhase.NotOffered;

    /// <summary>Whether both say the same, apart from what time alone changes.</summary>
    internal bool IsSameAs(RolloutDecision other) =>
        Failed.SequenceEqual(other.Failed)
        && Blocking.SequenceEqual(other.Blocking)
        && Comparable(this) == Comparable(other);

    private static RolloutDecision Comparable(RolloutDecision decision) =>
        decision with { Next = [], Failed = [], UpdatingCanaries = [], Blocking = [], CheckAt = null };
}

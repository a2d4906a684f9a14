using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Configuration;

namespace ServiceProviderOcm.Core.Rollout;

/// <summary>
/// Decides which OCMs may be updated now. A pure function of the fleet, the settings and the time: it keeps nothing, so that a restart,
/// another change during a rollout, and the return to an earlier revision need no rules of their own. Only the canaries that have failed
/// are passed from one decision to the next.
/// </summary>
public static class RolloutDecider
{
    // How many of the OCMs that block a rollout are named.
    private const int MaxBlocking = 10;

    /// <summary>Decides.</summary>
    /// <param name="fleet">The OCMs.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="now">The time.</param>
    public static RolloutDecision Decide(RolloutFleet fleet, RolloutSettings settings, DateTimeOffset now)
    {
        var counts = new Counts();
        foreach (var member in fleet.Members)
        {
            counts.Add(member, settings, now);
        }

        var failed = Failed(fleet, settings, now);
        var failedCanaries = failed.Where(member => member.IsCanary).Select(member => member.Ocm).ToHashSet();
        var maxUnavailable = settings.MaxUnavailable.Of(fleet.Total);
        var next = Next(fleet, settings, now, counts, failedCanaries, maxUnavailable);
        var phase = Phase(fleet, settings, now, counts, failed, next.Count > 0);
        return new RolloutDecision
        {
            Phase = phase,
            Next = phase is RolloutPhase.Progressing or RolloutPhase.CanaryFailed ? next : [],
            Failed = [.. InOrder(failed)],
            UpdatingCanaries = [.. fleet.Members.Where(member => member.IsUpdatingCanary(settings, now)).Select(member => member.Ocm)],
            Blocking = phase == RolloutPhase.TooManyUnavailable
                ? [.. InOrder(fleet.Members.Where(member => !IsAvailable(member, settings, now))).Take(MaxBlocking)]
                : [],
            Updated = counts.Updated,
            Outdated = counts.Outdated,
            Canaries = counts.Canaries,
            Unavailable = counts.Unavailable,
            MaxUnavailable = maxUnavailable,
            HaveCanariesPassed = settings.Errors.Count == 0 && counts.IsPastCanaries && failedCanaries.Count == 0,
            CheckAt = IsBlocked(counts, next.Count > 0) && phase == RolloutPhase.Progressing
                ? Earlier(counts.CheckAt, StalledAt(fleet, settings, counts))
                : counts.CheckAt,
        };
    }

    // Those that have failed now, and the canaries that have before, or were lost during their update, and were not available at the
    // revision since.
    private static List<RolloutMember> Failed(RolloutFleet fleet, RolloutSettings settings, DateTimeOffset now)
    {
        const string Before = "it has not been available since its update";
        var before = fleet.UpdatingCanaries.ToHashSet();
        before.ExceptWith(fleet.Members.Where(member => member is { IsUpdated: true, UpdatedAt: not null }).Select(member => member.Ocm));
        before.UnionWith(fleet.FailedCanaries);
        List<RolloutMember> failed = [];
        foreach (var member in fleet.Members)
        {
            var hasFailedBefore = before.Remove(member.Ocm) && !(member.IsUpdated && IsAvailable(member, settings, now));
            if (hasFailedBefore || member.HasFailed(settings, now))
            {
                failed.Add(hasFailedBefore
                    ? member with { IsCanary = true, Message = member.Message.Length > 0 ? member.Message : Before }
                    : member);
            }
        }

        failed.AddRange(before.Select(ocm => new RolloutMember(ocm, IsUpdated: false, IsReady: false, fleet.StartedAt)
        {
            IsCanary = true,
            Message = $"{Before}, and is not installed or cannot be read now",
        }));
        return failed;
    }

    private static RolloutPhase Phase(
        RolloutFleet fleet, RolloutSettings settings, DateTimeOffset now, Counts counts, List<RolloutMember> failed, bool hasNext) =>
        counts.Outdated > 0 && settings.IsPaused ? RolloutPhase.Paused
        : failed.Exists(member => member.IsCanary) ? RolloutPhase.CanaryFailed
        : failed.Count > settings.MaxFailures.Of(fleet.Total) ? RolloutPhase.TooManyFailures
        : counts is { Outdated: 0, Updated: 0, NotOffered: > 0 } ? RolloutPhase.NotOffered
        : counts.Outdated == 0 && counts.InProgress == 0 ? RolloutPhase.Complete
        : IsBlocked(counts, hasNext) && now >= StalledAt(fleet, settings, counts) ? RolloutPhase.TooManyUnavailable
        : RolloutPhase.Progressing;

    // Only OCMs that are not being updated can end that.
    private static bool IsBlocked(Counts counts, bool hasNext) => counts is { Outdated: > 0, InProgress: 0 } && !hasNext;

    private static DateTimeOffset StalledAt(RolloutFleet fleet, RolloutSettings settings, Counts counts) =>
        (counts.ProgressAt > fleet.StartedAt ? counts.ProgressAt.Value : fleet.StartedAt) + settings.ProgressDeadline;

    // An OCM that is unavailable anyway loses nothing by an update, which may be what it needs. Nothing passes a canary that has failed; one
    // that is not at the revision, such as one whose update could not be written, can become available at it only by an update.
    private static List<ObjectKey> Next(
        RolloutFleet fleet, RolloutSettings settings, DateTimeOffset now, Counts counts, HashSet<ObjectKey> failedCanaries, int maxUnavailable)
    {
        var areCanariesNext = counts.OutdatedCanaries > 0;
        if (counts.Outdated == 0 || (!areCanariesNext && !counts.IsPastCanaries))
        {
            return [];
        }

        var isStage = fleet.Members.Where(member => member is { IsUpdated: false, IsHeld: false }
            && (failedCanaries.Count > 0 ? failedCanaries.Contains(member.Ocm) : member.IsCanary == areCanariesNext));
        var (available, unavailable) = (new List<RolloutMember>(), new List<RolloutMember>());
        foreach (var member in isStage)
        {
            (IsAvailable(member, settings, now) ? available : unavailable).Add(member);
        }

        // Those that are updated only after the canaries cannot be waited for: a change that is to fix them takes one canary at a time.
        var isAwaited = areCanariesNext && unavailable.Count == 0 && counts is { UnavailableBehindCanaries: > 0, UnavailableCanaries: 0 };
        var allowance = Math.Max(isAwaited ? 1 : 0, maxUnavailable - counts.Unavailable);
        return
        [
            .. InOrder(unavailable).Select(member => member.Ocm),
            .. (allowance > 0 ? InOrder(available).Take(allowance) : []).Select(member => member.Ocm),
        ];
    }

    private static bool IsAvailable(RolloutMember member, RolloutSettings settings, DateTimeOffset now) =>
        member.AvailableAt(settings.MinReady) <= now;

    private static IEnumerable<RolloutMember> InOrder(IEnumerable<RolloutMember> members) => members
        .OrderBy(member => member.Ocm.Namespace, StringComparer.Ordinal)
        .ThenBy(member => member.Ocm.Name, StringComparer.Ordinal);

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) => one is null || other < one ? other : one;

    /// <summary>What one pass over the members yields.</summary>
    private sealed class Counts
    {
        public int Updated { get; private set; }

        public int Outdated { get; private set; }

        public int OutdatedCanaries { get; private set; }

        public int NotOffered { get; private set; }

        public int Canaries { get; private set; }

        public int Unavailable { get; private set; }

        public int UnavailableBehindCanaries { get; private set; }

        public int UnavailableCanaries { get; private set; }

        public int InProgress { get; private set; }

        public int CanariesInProgress { get; private set; }

        public DateTimeOffset? ProgressAt { get; private set; }

        public DateTimeOffset? CheckAt { get; private set; }

        public bool IsPastCanaries => OutdatedCanaries == 0 && CanariesInProgress == 0;

        public void Add(RolloutMember member, RolloutSettings settings, DateTimeOffset now)
        {
            var canary = member.IsCanary ? 1 : 0;
            var availableAt = member.AvailableAt(settings.MinReady);
            var unavailable = availableAt <= now ? 0 : 1;
            Unavailable += unavailable;
            CheckAt = availableAt > now ? Earlier(CheckAt, availableAt) : CheckAt;
            Canaries += member.IsUpdated || !member.IsHeld ? canary : 0;
            if (!member.IsUpdated)
            {
                var outdated = member.IsHeld ? 0 : 1;
                NotOffered += member.IsNotOffered ? 1 : 0;
                Outdated += outdated;
                OutdatedCanaries += outdated * canary;
                UnavailableBehindCanaries += unavailable * outdated * (1 - canary);
                return;
            }

            Updated++;
            UnavailableCanaries += unavailable * canary;
            ProgressAt = Later(ProgressAt, member.UpdatedAt > availableAt ? member.UpdatedAt : availableAt ?? member.UpdatedAt);
            if (member.IsInProgress(settings, now))
            {
                InProgress++;
                CanariesInProgress += canary;
                CheckAt = Earlier(CheckAt, availableAt ?? (member.UpdatedAt + settings.ProgressDeadline));
            }
        }

        private static DateTimeOffset? Later(DateTimeOffset? one, DateTimeOffset? other) => one is null || other > one ? other : one;
    }
}

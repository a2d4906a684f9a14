using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Core.Rollout;
using ServiceProviderOcm.Tests.Builders;

namespace ServiceProviderOcm.Tests.Rollout;

/// <summary>A fleet that is rolled out to until nothing happens any more. What may never happen is noted.</summary>
internal sealed class Simulation
{
    private const int MaxSteps = 10_000;

    private readonly RolloutSettings _settings;
    private readonly CanaryOracle _oracle;
    private DateTimeOffset _now = An.Now;

    public Simulation(IEnumerable<Response> responses, RolloutSettings settings)
    {
        _settings = settings;
        _oracle = new CanaryOracle(settings);
        Ocms = [.. responses.Select((response, number) => new SimulatedOcm(number, response, _now))];
    }

    /// <summary>The OCMs.</summary>
    public IReadOnlyList<SimulatedOcm> Ocms { get; }

    /// <summary>The last decision.</summary>
    public RolloutDecision Last { get; private set; } = null!;

    /// <summary>The steps before which the process starts again.</summary>
    public IReadOnlyCollection<int> Restarts { get; init; } = [];

    /// <summary>What has happened that may never happen.</summary>
    public List<string> Violations { get; } = [];

    /// <summary>Rolls out a revision until nothing happens any more, or for some steps.</summary>
    public Simulation RollOut(string revision, int steps = MaxSteps)
    {
        var started = _now;
        IReadOnlyList<ObjectKey> failed = [];
        IReadOnlyList<ObjectKey> updating = [];
        _oracle.Begin();
        for (var step = 0; step < steps; step++)
        {
            if (Restarts.Contains(step))
            {
                started = _now;
                updating = [];
                _oracle.Restart(_now);
                Ocms.ToList().ForEach(ocm => ocm.Restart());
            }

            var members = Ocms.Select(ocm => ocm.ToMember(revision)).OfType<RolloutMember>().ToList();
            var fleet = new RolloutFleet(Ocms.Count, members, started) { FailedCanaries = failed, UpdatingCanaries = updating };
            Last = RolloutDecider.Decide(fleet, _settings, _now);
            (failed, updating) = (Last.FailedCanaries, Last.UpdatingCanaries);
            _oracle.Observe(Ocms, revision, _now);
            Check(fleet);
            foreach (var next in Last.Next)
            {
                var ocm = Ocms.Single(ocm => ocm.Key == next);
                _oracle.Update(ocm, _now);
                ocm.Update(revision, _settings, _now);
            }

            if (Last.Next.Count > 0)
            {
                continue;
            }

            DateTimeOffset?[] moments = [Last.CheckAt, .. Ocms.Select(ocm => ocm.NextChange)];
            if (moments.Max() is null)
            {
                return this;
            }

            if (moments.Min() is { } earliest && earliest < _now)
            {
                Violations.Add($"a check at {earliest:O}, which is over");
            }

            _now = moments.Min()!.Value > _now ? moments.Min()!.Value : _now;
            foreach (var ocm in Ocms)
            {
                ocm.Advance(revision, _settings, _now);
            }
        }

        if (steps == MaxSteps)
        {
            Violations.Add("no end");
        }

        return this;
    }

    private void Check(RolloutFleet fleet)
    {
        var byKey = fleet.Members.ToDictionary(member => member.Ocm);
        var next = Last.Next.Select(ocm => byKey[ocm]).ToList();
        var taken = next.Count(IsAvailable);
        var isOneCanary = next is [{ IsCanary: true }]
            && !fleet.Members.Any(member => member is { IsCanary: true, IsUpdated: true } && !IsAvailable(member))
            && fleet.Members.Any(member => member is { IsCanary: false, IsUpdated: false, IsHeld: false } && !IsAvailable(member));
        if (taken > 0 && Last.Unavailable + taken > Last.MaxUnavailable && !isOneCanary)
        {
            Violations.Add($"{Last.Unavailable + taken} unavailable, and {Last.MaxUnavailable} may be");
        }

        if (next.Exists(member => member.IsUpdated))
        {
            Violations.Add("an update of what is updated");
        }

        var failed = fleet.Members.Where(member => member.HasFailed(_settings, _now)).ToList();
        var arePast = fleet.Members.Where(member => member is { IsCanary: true, IsHeld: false })
            .All(member => member.IsUpdated && !member.IsInProgress(_settings, _now) && !failed.Contains(member));
        if (!arePast && next.Exists(member => !member.IsCanary))
        {
            Violations.Add("others before the canaries");
        }

        if (_oracle.HasFailed && next.Exists(member => !member.IsCanary))
        {
            Violations.Add("an update past a failed canary");
        }

        if (next.Exists(member => !Last.FailedCanaries.Contains(member.Ocm))
            && (failed.Exists(member => member.IsCanary) || failed.Count > _settings.MaxFailures.Of(Ocms.Count)))
        {
            Violations.Add("an update after the rollout has stalled");
        }

        if (next.Count > 0 && _settings.IsPaused)
        {
            Violations.Add("an update while the rollout is paused");
        }

        if (failed.Exists(member => !member.WasReady || member.IsUnreachable || (!member.IsCanary && !WasReadyAtUpdate(member))))
        {
            Violations.Add("a failure of an OCM that was not Ready before, or is unreachable");
        }

        bool WasReadyAtUpdate(RolloutMember member) => Ocms.Single(ocm => ocm.Key == member.Ocm).WasReadyAtUpdate;

        bool IsAvailable(RolloutMember member) => member.AvailableAt(_settings.MinReady) <= _now;
    }
}

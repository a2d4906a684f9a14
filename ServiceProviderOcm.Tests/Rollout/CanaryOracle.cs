using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Configuration;

namespace ServiceProviderOcm.Tests.Rollout;

/// <summary>
/// Knows which canaries have failed at a revision, from what happens to them and not from what a rollout sees: an update after which one
/// that was Ready was seen not to be available in time, or was lost. That lasts until it is available at the revision.
/// </summary>
internal sealed class CanaryOracle(RolloutSettings settings)
{
    private readonly Dictionary<ObjectKey, DateTimeOffset> _updated = [];
    private readonly HashSet<ObjectKey> _failed = [];
    private readonly HashSet<ObjectKey> _seenUpdating = [];

    /// <summary>Whether a canary has failed.</summary>
    public bool HasFailed => _failed.Count > 0;

    /// <summary>Another revision is rolled out.</summary>
    public void Begin()
    {
        _updated.Clear();
        _failed.Clear();
        _seenUpdating.Clear();
    }

    /// <summary>An OCM is about to be updated.</summary>
    public void Update(SimulatedOcm ocm, DateTimeOffset now)
    {
        if (ocm is { IsReady: true, Response.IsCanary: true })
        {
            _updated[ocm.Key] = now;
        }
    }

    /// <summary>What is seen before a decision.</summary>
    public void Observe(IEnumerable<SimulatedOcm> ocms, string revision, DateTimeOffset now)
    {
        foreach (var ocm in ocms.Where(ocm => ocm.Response.IsCanary))
        {
            if (ocm is { IsReady: true, IsHeld: false, IsGone: false } && ocm.Revision == revision && now >= ocm.ReadyChangedAt + settings.MinReady)
            {
                _failed.Remove(ocm.Key);
                _updated.Remove(ocm.Key);
            }
            else if (ocm.IsGone || ocm.IsUnmarked)
            {
                // What would have become of its update is not known, if it was seen.
                _updated.Remove(ocm.Key);
                if (_seenUpdating.Contains(ocm.Key))
                {
                    _failed.Add(ocm.Key);
                }
            }
            else if (ocm is { IsReady: false, IsHeld: false, IsUnreachable: false }
                && _updated.TryGetValue(ocm.Key, out var updated)
                && (ocm.HasStalled || now >= updated + settings.ProgressDeadline))
            {
                _failed.Add(ocm.Key);
            }
        }

        _seenUpdating.Clear();
        _seenUpdating.UnionWith(ocms
            .Where(ocm => ocm is { IsHeld: false, IsUnreachable: false, IsGone: false, HasStalled: false }
                && _updated.TryGetValue(ocm.Key, out var updated) && (ocm.IsReady || now < updated + settings.ProgressDeadline))
            .Select(ocm => ocm.Key));
    }

    /// <summary>The process starts again: it knows no more of updates that were not judged by their deadline.</summary>
    public void Restart(DateTimeOffset now)
    {
        _seenUpdating.Clear();
        foreach (var (ocm, updated) in _updated)
        {
            if (now >= updated + settings.ProgressDeadline)
            {
                _updated.Remove(ocm);
            }
        }
    }
}

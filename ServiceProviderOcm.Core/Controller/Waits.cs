using System.Collections.Concurrent;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.States;

namespace ServiceProviderOcm.Core.Controller;

/// <summary>Remembers, for each OCM that is not Ready, its state and since when. In memory only: a restart begins anew.</summary>
internal sealed class Waits
{
    private readonly ConcurrentDictionary<ObjectKey, ObservedWait> _waits = new();

    /// <summary>The number of OCMs that are not Ready.</summary>
    public int Count => _waits.Count;

    /// <summary>What the OCM was waiting for.</summary>
    public ObservedWait Of(ObjectKey ocm) => _waits.GetValueOrDefault(ocm, ObservedWait.None);

    /// <summary>Records the state of a plan.</summary>
    /// <param name="ocm">The OCM.</param>
    /// <param name="state">Its state, without regard to how long it has lasted.</param>
    /// <param name="isReleaseHeld">Whether the plan does not write the HelmRelease yet.</param>
    /// <param name="now">The time.</param>
    public void Record(ObjectKey ocm, OcmState state, bool isReleaseHeld, DateTimeOffset now)
    {
        if (state == OcmState.Ready)
        {
            Drop(ocm);
            return;
        }

        var before = Of(ocm);
        _waits[ocm] = new ObservedWait(state, before.State == state ? before.Since : now, isReleaseHeld);
    }

    /// <summary>Forgets an OCM.</summary>
    public void Drop(ObjectKey ocm) => _waits.TryRemove(ocm, out _);
}

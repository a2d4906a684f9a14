using ServiceProviderOcm.Core.Model.States;

namespace ServiceProviderOcm.Core.Model;

/// <summary>What an OCM was waiting for after its last reconciliation.</summary>
/// <param name="State">The state, without regard to how long it has lasted.</param>
/// <param name="Since">Since when the OCM is in that state.</param>
/// <param name="IsReleaseHeld">
/// Whether the HelmRelease was not written because the OCIRepository was changed at the same time and Flux has not acted on that yet.
/// </param>
public sealed record ObservedWait(OcmState State, DateTimeOffset Since, bool IsReleaseHeld)
{
    /// <summary>Nothing is known, as after a start.</summary>
    public static readonly ObservedWait None = new(OcmState.Starting, DateTimeOffset.MaxValue, IsReleaseHeld: false);
}

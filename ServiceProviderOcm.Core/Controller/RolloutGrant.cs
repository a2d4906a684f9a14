namespace ServiceProviderOcm.Core.Controller;

/// <summary>The decision that an OCM is updated, until its objects say so themselves.</summary>
/// <param name="Revision">The revision that it is updated to.</param>
/// <param name="At">When that was decided.</param>
/// <param name="WasReady">Whether it was Ready before.</param>
internal sealed record RolloutGrant(string Revision, DateTimeOffset At, bool WasReady);

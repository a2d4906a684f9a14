using ServiceProviderOcm.Core.Model.Orphans;

namespace ServiceProviderOcm.Core.Tools.Cleanup;

/// <summary>What became of the orphaned objects of one tenant, and why.</summary>
/// <param name="Tenant">The objects.</param>
/// <param name="Outcome">What became of them.</param>
/// <param name="Message">Why they are or would be deleted, or why not.</param>
public sealed record CleanupResult(OrphanedTenant Tenant, CleanupOutcome Outcome, string Message);

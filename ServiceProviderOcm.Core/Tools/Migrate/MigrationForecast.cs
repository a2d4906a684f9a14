namespace ServiceProviderOcm.Core.Tools.Migrate;

/// <summary>What a dry run has found.</summary>
/// <param name="Plans">What is next for each OCM.</param>
/// <param name="CopiesError">Why the OCMs of the new group are not known; empty if they are.</param>
public sealed record MigrationForecast(IReadOnlyList<TenantMigration> Plans, string CopiesError);

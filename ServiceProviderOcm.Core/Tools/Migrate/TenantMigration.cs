using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;

namespace ServiceProviderOcm.Core.Tools.Migrate;

/// <summary>What is next in the migration of one OCM.</summary>
/// <param name="Ocm">The OCM.</param>
/// <param name="State">How far the migration is.</param>
/// <param name="Message">What is waited for, or what a person has to do.</param>
/// <param name="Steps">What to write, in this order.</param>
public sealed record TenantMigration(ObjectKey Ocm, MigrationState State, string Message, IReadOnlyList<PlanStep> Steps);

using ServiceProviderOcm.Core.Model;

namespace ServiceProviderOcm.Core.Controller;

/// <summary>When and why an OCM is reconciled again even if nothing happens.</summary>
/// <param name="After">The delay.</param>
/// <param name="Reason">The reason.</param>
public readonly record struct Requeue(TimeSpan After, ReconcileReasons Reason);

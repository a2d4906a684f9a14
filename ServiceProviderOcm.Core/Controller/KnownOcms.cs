using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Model.Orphans;
using ServiceProviderOcm.Core.Naming;

namespace ServiceProviderOcm.Core.Controller;

/// <summary>Which OCMs exist, also those that cannot be read or are only counted.</summary>
/// <param name="tenants">The OCMs that are known.</param>
/// <param name="ocms">The informer of OCMs.</param>
internal sealed class KnownOcms(Tenants tenants, Informer ocms)
{
    /// <summary>
    /// Whether the OCM of managed objects exists. If the objects do not say which it is, it may be any of its namespace that is only counted.
    /// </summary>
    public bool HasOcm(OrphanedTenant tenant) => tenants.Of(tenant.Namespace) is not null
        || (tenant.Ocm is { } ocm
            ? ocms.Knows(ocm)
            : ocms.Surplus.In(tenant.OnboardingNamespace) > 0
                || ocms.UnreadableObjects.Any(
                    each => PlatformNames.TenantNamespace(each.Key.Namespace, each.Key.Name) == tenant.Namespace));
}

using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Naming;

namespace ServiceProviderOcm.Core.Model.Orphans;

/// <summary>Tells the managed objects of this provider from those of others, and finds orphans among them. Pure functions.</summary>
public static class OrphanFinder
{
    /// <summary>The kinds of managed objects on the platform cluster, in the order of their deletion.</summary>
    public static readonly IReadOnlyList<ResourceKind> Kinds =
    [
        PlatformKinds.HelmRelease,
        PlatformKinds.OciRepository,
        PlatformKinds.AccessRequest,
        Kubernetes.Objects.Kinds.Secret,
    ];

    /// <summary>The tenant namespaces of OCMs.</summary>
    public static IReadOnlySet<string> TenantsOf(IEnumerable<ObjectKey> ocms) =>
        ocms.Select(ocm => PlatformNames.TenantNamespace(ocm.Namespace, ocm.Name)).ToHashSet(StringComparer.Ordinal);

    /// <summary>The tenants whose objects exist although their OCM does not, by tenant namespace.</summary>
    /// <param name="identity">The identity of the provider.</param>
    /// <param name="observed">Objects of <see cref="Kinds"/>, which may be those of others.</param>
    /// <param name="hasOcm">Whether there is an OCM for a tenant namespace.</param>
    public static IReadOnlyList<OrphanedTenant> Orphans(
        Identity identity, IEnumerable<ManagedObject> observed, Predicate<string> hasOcm) =>
    [
        .. observed
            .GroupBy(each => each.Observed.Namespace, StringComparer.Ordinal)
            .Where(tenant => !hasOcm(tenant.Key))
            .Select(tenant => Orphan(identity, tenant.Key, tenant))
            .OfType<OrphanedTenant>()
            .OrderBy(tenant => tenant.Namespace, StringComparer.Ordinal),
    ];

    /// <summary>The orphaned objects in a tenant namespace without OCM; null if there are none, or if they are being migrated.</summary>
    /// <param name="identity">The identity of the provider.</param>
    /// <param name="tenantNamespace">The tenant namespace.</param>
    /// <param name="observed">Objects of <see cref="Kinds"/> there, which may be those of others.</param>
    public static OrphanedTenant? Orphan(Identity identity, string tenantNamespace, IEnumerable<ManagedObject> observed)
    {
        if (!tenantNamespace.StartsWith(PlatformNames.TenantNamespacePrefix, StringComparison.Ordinal))
        {
            return null;
        }

        List<ManagedObject> managed =
        [
            .. Managed(identity, [.. observed])
                .OrderBy(each => Kinds.IndexOf(each.Kind))
                .ThenBy(each => each.Observed.Name, StringComparer.Ordinal),
        ];
        return managed.Count == 0 || managed.Exists(each => IsMigrating(identity.Api, each.Observed))
            ? null
            : new OrphanedTenant(tenantNamespace, OcmOf(tenantNamespace, managed), managed)
            {
                OnboardingNamespace = managed
                    .Select(each => each.Observed.Labels.GetValueOrDefault(ObjectNames.OnboardingNamespaceLabel, ""))
                    .FirstOrDefault(ns => ns.Length > 0, ""),
            };
    }

    // Beside an object that is known by its labels, those without are known by their field manager, as the controller knows them: objects of
    // the Go provider, and others whose labels were removed. A HelmRelease has to use the access of the same provider, as far as that is
    // known, and as long as there is one that does not, it may use the other objects.
    private static HashSet<ManagedObject> Managed(Identity identity, IReadOnlyList<ManagedObject> observed)
    {
        var managed = observed.Where(each => IsLabelled(identity, each)).ToHashSet();
        if (managed.Count == 0)
        {
            return [];
        }

        managed.UnionWith(Written(PlatformKinds.AccessRequest));
        var access = observed.Where(each => each.Kind == PlatformKinds.AccessRequest)
            .ToLookup(managed.Contains, each => each.Observed.Text("status", "secretRef", "name"));
        managed.UnionWith(Written(PlatformKinds.HelmRelease).Where(each =>
            each.Observed.Text("spec", "kubeConfig", "secretRef", "name") is var secret
            && (access[true].Contains(secret)
                || (access[true].Contains(null) && access[false].All(other => other is not null && other != secret)))));
        if (observed.All(each => each.Kind != PlatformKinds.HelmRelease || managed.Contains(each)))
        {
            managed.UnionWith(Written(PlatformKinds.OciRepository).Concat(Written(Kubernetes.Objects.Kinds.Secret)));
        }

        return managed;

        IEnumerable<ManagedObject> Written(ResourceKind kind) => observed.Where(each => each.Kind == kind && IsWritten(identity, each));
    }

    private static bool IsLabelled(Identity identity, ManagedObject each) =>
        IsOfProvider(identity, each)
        && Has(each, ObjectNames.ManagedByLabel, identity.Api.Group)
        && (each.Kind == PlatformKinds.AccessRequest
            ? each.Observed.Labels.ContainsKey(ObjectNames.PurposeLabel)
                && each.Observed.Name.StartsWith(ObjectNames.AccessRequestPrefix(identity.Api), StringComparison.Ordinal)
            : Has(each, ObjectNames.AppManagedByLabel, ObjectNames.AppManagedBy));

    private static bool IsWritten(Identity identity, ManagedObject each) =>
        IsOfProvider(identity, each)
        && (each.Kind == PlatformKinds.AccessRequest
            ? ManagedObjects.IsWrittenAccessRequest(each.Observed, identity.Api)
            : ManagedObjects.IsManaged(each.Observed, ManagedObjects.Labels(identity.Api))
                && (each.Kind != Kubernetes.Objects.Kinds.Secret
                    || each.Observed.Name.StartsWith(ObjectNames.SecretCopyPrefix, StringComparison.Ordinal)));

    // Neither objects of earlier releases nor those of the Go provider name the provider.
    private static bool IsOfProvider(Identity identity, ManagedObject each) =>
        identity.ProviderName.Length == 0
        || !each.Observed.Labels.ContainsKey(ObjectNames.ProviderLabel(identity.Api))
        || Has(each, ObjectNames.ProviderLabel(identity.Api), identity.ProviderName);

    private static bool Has(ManagedObject each, string label, string value) =>
        each.Observed.Labels.GetValueOrDefault(label) == ObjectNames.LabelValue(value);

    private static bool IsMigrating(ProviderApi api, KubeObject item) => item.Annotations.ContainsKey(ObjectNames.MigrationAnnotation(api));

    // Long names are shortened in labels, but not in the AccessRequest. The tenant namespace is a hash of both names, and proves them.
    private static ObjectKey? OcmOf(string tenantNamespace, IReadOnlyList<ManagedObject> managed) => managed
        .SelectMany(each => Candidates(each.Observed))
        .Where(ocm => ocm is { Namespace.Length: > 0, Name.Length: > 0 }
            && PlatformNames.TenantNamespace(ocm.Namespace, ocm.Name) == tenantNamespace)
        .Select(ocm => (ObjectKey?)ocm)
        .FirstOrDefault();

    private static IEnumerable<ObjectKey> Candidates(KubeObject item)
    {
        var labels = item.Labels;
        var ns = labels.GetValueOrDefault(ObjectNames.OnboardingNamespaceLabel, "");
        yield return new ObjectKey(ns, labels.GetValueOrDefault(ObjectNames.OnboardingNameLabel, ""));
        yield return new ObjectKey(ns, item.Text("spec", "requestRef", "name") ?? "");
    }

    private static int IndexOf(this IReadOnlyList<ResourceKind> kinds, ResourceKind kind)
    {
        for (var i = 0; i < kinds.Count; i++)
        {
            if (kinds[i] == kind)
            {
                return i;
            }
        }

        return kinds.Count;
    }
}

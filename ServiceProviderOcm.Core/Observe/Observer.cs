using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Naming;
using ServiceProviderOcm.Core.Plan;

namespace ServiceProviderOcm.Core.Observe;

/// <summary>Puts together what is known about one OCM, from the stores alone.</summary>
public sealed class Observer(
    Identity identity,
    Informer ocms,
    PlatformWatch platform,
    ControlPlanes controlPlanes,
    Func<IReadOnlySet<string>> serverDefaults,
    TimeProvider time)
{
    private readonly CaBundles _caBundles = new(identity);

    /// <summary>Looks.</summary>
    public Observation Observe(ObjectKey key)
    {
        // What vouches for a store is read before the store itself, for one that fills up, and again after it, for one that
        // is emptied; the ProviderConfig is read before what it refers to.
        var tenant = PlatformNames.TenantNamespace(key.Namespace, key.Name);
        var providerConfig = platform.ProviderConfigs.Store.Get(ObjectKey.ClusterScoped(identity.ProviderName));
        var secrets = Known(platform.SourceSecrets, ChartInputs.ReferredSecrets(providerConfig));
        var configMaps = Known(platform.SourceConfigMaps, CaBundle.ReferredConfigMaps(providerConfig));
        IReadOnlyList<(ResourceKind, InformerState)> states =
        [
            .. secrets.Select(source => (Kinds.Secret, source.State)),
            .. configMaps.Select(source => (Kinds.ConfigMap, source.State)),
        ];
        var troubles = platform.Troubles(states).ToList();
        var controlPlane = controlPlanes.Of(key);
        return new Observation
        {
            Identity = identity,
            Now = time.GetUtcNow(),
            Ocm = ocms.Store.Get(key),
            TenantNamespaceName = tenant,
            ProviderConfig = providerConfig,
            SourceSecrets = secrets.Select(source => source.Subject).OfType<KubeObject>()
                .ToDictionary(secret => secret.Name, StringComparer.Ordinal),
            CaBundle = _caBundles.Of(providerConfig, configMaps.SingleOrDefault()?.Subject),
            TenantNamespace = platform.Namespaces.Store.Get(ObjectKey.ClusterScoped(tenant)),
            ClusterRequest = platform.ClusterRequests.Store.Get(new ObjectKey(tenant, key.Name)),
            AccessRequest = platform.AccessRequests.Store.Get(
                new ObjectKey(tenant, Manifests.AccessRequestName(identity.Api, key.Name))),
            SecretCopies = [.. platform.SecretCopies.Store.In(tenant)],
            OciRepository = platform.OciRepositories.Store.Get(new ObjectKey(tenant, Manifests.FluxName)),
            HelmRelease = platform.HelmReleases.Store.Get(new ObjectKey(tenant, Manifests.FluxName)),
            Repositories = controlPlane?.Repositories ?? ObservedRepositories.NotYetKnown,
            ControlPlane = controlPlane?.OwnObjects ?? ObservedControlPlane.NotYetKnown,
            ServerDefaults = serverDefaults(),
            Troubles = [.. troubles.Union(platform.Troubles(states))],
        };
    }

    private static List<SeenObject> Known(NamedObjects sources, IReadOnlySet<string> names)
    {
        var seen = sources.Seen;
        return [.. names.Select(name => seen.GetValueOrDefault(name, SeenObject.Starting))];
    }
}

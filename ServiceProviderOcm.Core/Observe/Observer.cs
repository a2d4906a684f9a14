using ServiceProviderOcm.Core.Naming;
using ServiceProviderOcm.Core.Objects;
using ServiceProviderOcm.Core.Watch;

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
    /// <summary>Looks.</summary>
    public Observation Observe(ObjectKey key)
    {
        // What vouches for a store is read before the store itself, for one that fills up, and again after it, for one that
        // is emptied; the ProviderConfig is read before what it refers to.
        var tenant = PlatformNames.TenantNamespace(key.Namespace, key.Name);
        var providerConfig = platform.ProviderConfigs.Store.Get(ObjectKey.ClusterScoped(identity.ProviderName));
        var followed = platform.SourceSecrets.Seen;
        var sources = Planning.ChartInputs.ReferredSecrets(providerConfig)
            .Select(name => followed.GetValueOrDefault(name, SeenSecret.Starting))
            .ToList();
        var states = sources.Select(source => source.State);
        var troubles = platform.Troubles(states).ToList();
        return new Observation
        {
            Identity = identity,
            Now = time.GetUtcNow(),
            Ocm = ocms.Store.Get(key),
            TenantNamespaceName = tenant,
            ProviderConfig = providerConfig,
            SourceSecrets = sources.Select(source => source.Secret).OfType<KubeObject>()
                .ToDictionary(secret => secret.Name, StringComparer.Ordinal),
            TenantNamespace = platform.Namespaces.Store.Get(ObjectKey.ClusterScoped(tenant)),
            ClusterRequest = platform.ClusterRequests.Store.Get(new ObjectKey(tenant, key.Name)),
            AccessRequest = platform.AccessRequests.Store.Get(
                new ObjectKey(tenant, Planning.Manifests.AccessRequestName(identity.Api, key.Name))),
            SecretCopies = [.. platform.SecretCopies.Store.In(tenant)],
            OciRepository = platform.OciRepositories.Store.Get(new ObjectKey(tenant, Planning.Manifests.FluxName)),
            HelmRelease = platform.HelmReleases.Store.Get(new ObjectKey(tenant, Planning.Manifests.FluxName)),
            Repositories = controlPlanes.Observed(key),
            ServerDefaults = serverDefaults(),
            Troubles = [.. troubles.Union(platform.Troubles(states))],
        };
    }
}

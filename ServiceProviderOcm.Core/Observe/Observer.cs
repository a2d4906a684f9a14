using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Naming;
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
    private readonly IReadOnlyDictionary<string, string> _labels = ManagedObjects.Labels(identity.Api);

    /// <summary>The OCM if it exists and cannot be read now; else null.</summary>
    public UnreadableObject? FindUnreadable(ObjectKey key) => ocms.FindUnreadable(key);

    /// <summary>Whether all OCMs are paused.</summary>
    public bool IsPaused => platform.Config.IsPaused;

    /// <summary>Observes.</summary>
    public Observation Observe(ObjectKey key)
    {
        // The state of an informer is read before its store, for a store that fills up, and again after it, for one that is
        // emptied; the ProviderConfig is read before what it refers to.
        var tenant = PlatformNames.TenantNamespace(key.Namespace, key.Name);
        var config = platform.Config;
        var secrets = Known(platform.SourceSecrets, config.SecretNames);
        var configMaps = Known(platform.SourceConfigMaps, config.ConfigMapNames);
        IReadOnlyList<(ResourceKind, InformerState)> states =
        [
            .. secrets.Select(source => (Kinds.Secret, source.State)),
            .. configMaps.Select(source => (Kinds.ConfigMap, source.State)),
        ];
        var stale = platform.StaleSources(states).ToList();
        var controlPlane = controlPlanes.Of(key);
        var flux = new ObjectKey(tenant, ObjectNames.Flux);
        List<(ResourceKind Kind, KubeObject Object)> foreign = [];
        return new Observation
        {
            Identity = identity,
            Now = time.GetUtcNow(),
            Ocm = ocms.Store.Get(key),
            TenantNamespaceName = tenant,
            Config = config,
            SourceSecrets = secrets.Select(source => source.Subject).OfType<KubeObject>()
                .ToDictionary(secret => secret.Name, StringComparer.Ordinal),
            CaBundle = platform.BundleOf(config, configMaps.SingleOrDefault()?.Subject),
            TenantNamespace = platform.Namespaces.Store.Get(ObjectKey.ClusterScoped(tenant)),
            ClusterRequest = platform.ClusterRequests.Store.Get(new ObjectKey(tenant, key.Name)),
            AccessRequest = platform.AccessRequests.Store.Get(
                new ObjectKey(tenant, ObjectNames.AccessRequest(identity.Api, key.Name))),
            SecretCopies = [.. platform.SecretCopies.Store.In(tenant)],
            OciRepository = Managed(platform.OciRepositories),
            HelmRelease = Managed(platform.HelmReleases),
            ForeignObjects = foreign,
            UserObjects = controlPlane?.UserObjects ?? ObservedUserObjects.Unknown,
            ControlPlane = controlPlane?.ManagedObjects ?? ObservedControlPlane.Unknown,
            Kubeconfig = controlPlane?.Kubeconfig,
            ServerDefaults = serverDefaults(),
            StaleSources = [.. stale.Union(platform.StaleSources(states)), .. platform.UnreadableObjects(tenant)],
        };

        KubeObject? Managed(Informer informer)
        {
            if (informer.Store.Get(flux) is { } found && !ManagedObjects.IsManaged(found, _labels))
            {
                foreign.Add((informer.Kind, found));
                return null;
            }

            return informer.Store.Get(flux);
        }
    }

    private static List<WatchedObject> Known(NamedObjects sources, IReadOnlySet<string> names)
    {
        var seen = sources.Objects;
        return [.. names.Select(name => seen.GetValueOrDefault(name, WatchedObject.Starting))];
    }
}

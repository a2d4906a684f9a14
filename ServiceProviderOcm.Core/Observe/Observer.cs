using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.Configuration;
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
        var sources = SourcesOf(config);
        var stale = platform.StaleSources(sources.States).ToList();
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
            SourceSecrets = sources.Secrets,
            CaBundle = sources.CaBundle,
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
            UnlabelledSecrets = controlPlane?.UnlabelledSecrets,
            Kubeconfig = controlPlane?.Kubeconfig,
            Credentials = controlPlane?.Credentials ?? [],
            ServerDefaults = serverDefaults(),
            StaleSources = [.. stale.Union(platform.StaleSources(sources.States)), .. platform.UnreadableObjects(tenant)],
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

    /// <summary>The same observation with another configuration, and what that refers to.</summary>
    public Observation With(Observation observation, InstallConfig config)
    {
        if (ReferenceEquals(observation.Config, config))
        {
            return observation;
        }

        platform.Use(config);
        var sources = SourcesOf(config);
        return As(observation, config, sources) with
        {
            StaleSources =
                [.. platform.StaleSources(sources.States), .. platform.UnreadableObjects(observation.TenantNamespaceName)],
        };
    }

    /// <summary>The same, to compare with only: what the configuration refers to is not watched for that.</summary>
    public Observation As(Observation observation, InstallConfig config) => As(observation, config, SourcesOf(config));

    private static Observation As(Observation observation, InstallConfig config, Sources sources) =>
        observation with { Config = config, SourceSecrets = sources.Secrets, CaBundle = sources.CaBundle };

    private Sources SourcesOf(InstallConfig config)
    {
        var secrets = Known(platform.SourceSecrets, config.SecretNames);
        var configMaps = Known(platform.SourceConfigMaps, config.ConfigMapNames);
        return new Sources(
            secrets.Select(source => source.Subject).OfType<KubeObject>().ToDictionary(secret => secret.Name, StringComparer.Ordinal),
            platform.BundleOf(config, configMaps.SingleOrDefault()?.Subject),
            [
                .. secrets.Select(source => (Kinds.Secret, source.State)),
                .. configMaps.Select(source => (Kinds.ConfigMap, source.State)),
            ]);
    }

    private static List<WatchedObject> Known(NamedObjects sources, IReadOnlySet<string> names)
    {
        var seen = sources.Objects;
        return [.. names.Select(name => seen.GetValueOrDefault(name, WatchedObject.Starting))];
    }

    private sealed record Sources(
        IReadOnlyDictionary<string, KubeObject> Secrets, CaBundle CaBundle, IReadOnlyList<(ResourceKind, InformerState)> States);
}

using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Core.Model.Orphans;
using ServiceProviderOcm.Core.Naming;

namespace ServiceProviderOcm.Core.Watch;

/// <summary>Everything on the platform cluster that decisions are made on, watched by informers.</summary>
public sealed class PlatformWatch
{
    private readonly CancellationToken _cancellationToken;
    private readonly InstallConfigs _configs;
    private readonly ObjectKey _providerConfig;
    private readonly List<Informer> _all = [];
    private readonly Dictionary<string, InstallConfig> _earlier = new(StringComparer.Ordinal);
    private InstallConfig? _lastConfig;

    /// <summary>Informers that do nothing until <see cref="RunAsync"/>.</summary>
    /// <param name="api">The platform cluster.</param>
    /// <param name="identity">The identity of the provider.</param>
    /// <param name="informers">Makes informers.</param>
    /// <param name="onTenantChange">Called with the tenant namespace in which something changed, and what.</param>
    /// <param name="onCommonChange">Called when something changed that concerns all tenants.</param>
    /// <param name="onProviderConfig">Called when the ProviderConfig changed, be it only its status or annotations.</param>
    /// <param name="cancellationToken">Stops all informers.</param>
    public PlatformWatch(
        IKubernetesApi api,
        Identity identity,
        InformerFactory informers,
        Action<string, ReconcileReasons> onTenantChange,
        Action<ReconcileReasons> onCommonChange,
        Action onProviderConfig,
        CancellationToken cancellationToken)
    {
        _cancellationToken = cancellationToken;
        _configs = new InstallConfigs(identity, () => ProviderConfig);
        _providerConfig = ObjectKey.ClusterScoped(identity.ProviderName);
        SourceSecrets = Sources(Kinds.Secret, ReconcileReasons.SourceSecretChanged);
        SourceConfigMaps = Sources(Kinds.ConfigMap, ReconcileReasons.CaBundleChanged);
        ProviderConfigs = Add(identity.Api.ProviderConfig, WatchScope.Named(identity.ProviderName), change =>
        {
            var config = Config;
            if (!ReferenceEquals(config, _lastConfig))
            {
                _lastConfig = config;
                WatchSources();
                onCommonChange(ReconcileReasons.ProviderConfigChanged);
            }

            onProviderConfig();
        });
        Namespaces = Add(
            Kinds.Namespace,
            new WatchScope(NamePrefix: PlatformNames.TenantNamespacePrefix),
            change => onTenantChange(change.Key.Name, ReconcileReasons.NamespaceChanged));
        ClusterRequests = AddTenants(PlatformKinds.ClusterRequest, WatchScope.Everything, ReconcileReasons.ClusterRequestChanged);
        AccessRequests = AddTenants(
            PlatformKinds.AccessRequest,
            new WatchScope(NamePrefix: ObjectNames.AccessRequestPrefix(identity.Api)),
            ReconcileReasons.AccessRequestChanged);
        SecretCopies = AddTenants(
            Kinds.Secret, new WatchScope(LabelSelector: ObjectNames.CopySelector(identity.Api)), ReconcileReasons.SecretChanged);
        OciRepositories = AddTenants(
            PlatformKinds.OciRepository, WatchScope.Named(ObjectNames.Flux), ReconcileReasons.OciRepositoryChanged);
        HelmReleases = AddTenants(PlatformKinds.HelmRelease, WatchScope.Named(ObjectNames.Flux), ReconcileReasons.HelmReleaseChanged);
        Revisions = new StoredRevisions(identity, Add(
            Kinds.ControllerRevision,
            new WatchScope(identity.PodNamespace, ObjectNames.RevisionSelector(identity)),
            _ => onCommonChange(ReconcileReasons.RevisionsChanged)));

        NamedObjects Sources(ResourceKind kind, ReconcileReasons reason) =>
            new(api, kind, identity.PodNamespace, informers, () => onCommonChange(reason), cancellationToken);

        Informer AddTenants(ResourceKind kind, WatchScope scope, ReconcileReasons reason) =>
            Add(kind, scope, change => onTenantChange(change.Key.Namespace, reason));

        Informer Add(ResourceKind kind, WatchScope scope, Action<InformerChange> onChange)
        {
            var informer = informers.Create(api, kind, scope, onChange, () => onCommonChange(ReconcileReasons.InformerChanged));
            _all.Add(informer);
            return informer;
        }
    }

    /// <summary>The one ProviderConfig that counts.</summary>
    public Informer ProviderConfigs { get; }

    /// <summary>The Secrets that the ProviderConfig refers to.</summary>
    public NamedObjects SourceSecrets { get; }

    /// <summary>The ConfigMap that the ProviderConfig refers to.</summary>
    public NamedObjects SourceConfigMaps { get; }

    /// <summary>The tenants' namespaces.</summary>
    public Informer Namespaces { get; }

    /// <summary>The requests for clusters.</summary>
    public Informer ClusterRequests { get; }

    /// <summary>The managed AccessRequests, by name.</summary>
    public Informer AccessRequests { get; }

    /// <summary>The Secrets with the provider's labels.</summary>
    public Informer SecretCopies { get; }

    /// <summary>The managed OCIRepositories, by name.</summary>
    public Informer OciRepositories { get; }

    /// <summary>The managed HelmReleases, by name.</summary>
    public Informer HelmReleases { get; }

    /// <summary>The stored revisions of the ProviderConfig.</summary>
    public StoredRevisions Revisions { get; }

    /// <summary>The one ProviderConfig that counts; null if it does not exist.</summary>
    public KubeObject? ProviderConfig => ProviderConfigs.Store.Get(_providerConfig);

    /// <summary>The one ProviderConfig that counts, parsed.</summary>
    public InstallConfig Config => _configs.Current;

    /// <summary>One informer for each of these kinds.</summary>
    public IReadOnlyList<Informer> Informers => _all;

    /// <summary>Also watches what the configuration of an earlier revision refers to, since an OCM is at it.</summary>
    public void Use(InstallConfig earlier)
    {
        lock (_earlier)
        {
            if (_earlier.TryAdd(earlier.Revision, earlier))
            {
                WatchSources();
            }
        }
    }

    /// <summary>No OCM is at another earlier revision any more.</summary>
    public void UseOnly(IReadOnlySet<string> revisions)
    {
        lock (_earlier)
        {
            var unused = _earlier.Keys.Where(revision => !revisions.Contains(revision)).ToList();
            unused.ForEach(revision => _earlier.Remove(revision));
            if (unused.Count > 0)
            {
                WatchSources();
            }
        }
    }

    private void WatchSources()
    {
        lock (_earlier)
        {
            InstallConfig[] configs = [Config, .. _earlier.Values];
            SourceSecrets.Watch(configs.SelectMany(config => config.SecretNames).ToHashSet(StringComparer.Ordinal));
            SourceConfigMaps.Watch(configs.SelectMany(config => config.ConfigMapNames).ToHashSet(StringComparer.Ordinal));
        }
    }

    /// <summary>The objects that a configuration refers to; null if they are not all known yet.</summary>
    public ConfigSources? SourcesOf(InstallConfig config)
    {
        var (secrets, configMaps) = (SourceSecrets.Objects, SourceConfigMaps.Objects);
        return AreKnown(config.SecretNames, secrets) && AreKnown(config.ConfigMapNames, configMaps)
            ? new ConfigSources(
                secrets.Values.Select(each => each.Subject).OfType<KubeObject>().ToDictionary(secret => secret.Name, StringComparer.Ordinal),
                BundleOf(config, config.ConfigMapNames.Select(name => configMaps[name].Subject).SingleOrDefault()))
            : null;

        static bool AreKnown(IEnumerable<string> names, IReadOnlyDictionary<string, WatchedObject> watched) =>
            names.All(name => watched.TryGetValue(name, out var found) && found.State.IsSynced);
    }

    /// <summary>The CA bundle that a configuration refers to, in this ConfigMap.</summary>
    public CaBundle BundleOf(InstallConfig config, KubeObject? configMap) => _configs.BundleOf(config, configMap);

    /// <summary>The kinds whose stores may not be relied on now.</summary>
    /// <param name="sources">Kind and state of what the ProviderConfig refers to.</param>
    public IEnumerable<StaleSource> StaleSources(IEnumerable<(ResourceKind Kind, InformerState State)> sources) =>
        _all.SelectMany(informer => StaleSource(informer.Kind, informer.State, IsInput(informer)))
            .Concat(sources.SelectMany(source => StaleSource(source.Kind, source.State, isInput: true)));

    /// <summary>The objects of one tenant, and those that concern all tenants, that cannot be read now.</summary>
    /// <param name="tenantNamespace">The tenant's namespace.</param>
    public IEnumerable<StaleSource> UnreadableObjects(string tenantNamespace)
    {
        foreach (var informer in _all)
        {
            var isInput = informer == ProviderConfigs;
            foreach (var unreadable in informer.UnreadableObjects)
            {
                if (isInput || (informer.Kind.IsNamespaced ? unreadable.Key.Namespace : unreadable.Key.Name) == tenantNamespace)
                {
                    yield return Unreadable(informer.Kind, unreadable, isInput);
                }
            }
        }

        foreach (var (kind, unreadable) in SourceSecrets.UnreadableObjects.Concat(SourceConfigMaps.UnreadableObjects))
        {
            yield return Unreadable(kind, unreadable, isInput: true);
        }
    }

    /// <summary>Watches the cluster until cancelled.</summary>
    public Task RunAsync() => Task.WhenAll(_all.Select(informer => informer.RunAsync(_cancellationToken)));

    /// <summary>Whether all managed objects are known, and up to date.</summary>
    public bool IsManagedSynced => ManagedInformers.All(informer => informer.State is InformerState.Synced or InformerState.NotServed);

    /// <summary>What may be managed objects in a tenant namespace.</summary>
    public IEnumerable<ManagedObject> ManagedIn(string tenantNamespace) =>
        ManagedInformers.SelectMany(informer => informer.Store.In(tenantNamespace).Select(item => new ManagedObject(informer.Kind, item)));

    /// <summary>The store of a kind that plans write; null if there is none.</summary>
    public Store? StoreOf(ResourceKind kind) =>
        kind == PlatformKinds.AccessRequest ? AccessRequests.Store
        : kind == Kinds.Secret ? SecretCopies.Store
        : kind == PlatformKinds.OciRepository ? OciRepositories.Store
        : kind == PlatformKinds.HelmRelease ? HelmReleases.Store
        : null;

    private Informer[] ManagedInformers => [HelmReleases, OciRepositories, AccessRequests, SecretCopies];

    // A deletion does not need them.
    private bool IsInput(Informer informer) => informer == ProviderConfigs || informer.Kind == Kinds.ControllerRevision;

    private StaleSource.Unreadable Unreadable(ResourceKind kind, UnreadableObject unreadable, bool isInput) =>
        new(ProviderConfigs.ClusterName, kind, ApiErrors.Unreadable(kind, unreadable), isInput) { IsOfTenant = !isInput };

    private IEnumerable<StaleSource> StaleSource(ResourceKind kind, InformerState state, bool isInput) => state switch
    {
        InformerState.Failing failing => [new StaleSource.Unreadable(ProviderConfigs.ClusterName, kind, failing.Error, isInput)],
        InformerState.Stale stale => [new StaleSource.Unreadable(ProviderConfigs.ClusterName, kind, stale.Error, isInput)],
        InformerState.NotServed => [new StaleSource.NotServed(ProviderConfigs.ClusterName, kind, isInput)],
        InformerState.Starting => [new StaleSource.Starting(ProviderConfigs.ClusterName, kind, isInput)],
        _ => [],
    };
}

using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Plan;

namespace ServiceProviderOcm.Core.Observe;

/// <summary>Everything on the platform cluster that decisions rest on, followed by informers.</summary>
public sealed class PlatformWatch
{
    private readonly CancellationToken _cancellationToken;
    private readonly List<Informer> _all = [];

    /// <summary>Informers that do nothing until <see cref="RunAsync"/>.</summary>
    /// <param name="api">The platform cluster.</param>
    /// <param name="identity">Who we are.</param>
    /// <param name="informers">Makes informers.</param>
    /// <param name="onTenantChange">Told the tenant namespace in which something has changed.</param>
    /// <param name="onCommonChange">Told when something has changed that concerns all tenants.</param>
    /// <param name="cancellationToken">Ends all following.</param>
    public PlatformWatch(
        IKubernetesApi api,
        Identity identity,
        InformerFactory informers,
        Action<string> onTenantChange,
        Action onCommonChange,
        CancellationToken cancellationToken)
    {
        _cancellationToken = cancellationToken;
        SourceSecrets = Sources(Kinds.Secret);
        SourceConfigMaps = Sources(Kinds.ConfigMap);
        ProviderConfigs = Add(identity.Api.ProviderConfig, Selection.Named(identity.ProviderName), change =>
        {
            SourceSecrets.Follow(ChartInputs.ReferredSecrets(change.After));
            SourceConfigMaps.Follow(CaBundle.ReferredConfigMaps(change.After));
            onCommonChange();
        });
        Namespaces = Add(
            Kinds.Namespace, new Selection(NamePrefix: "mcp--"), change => onTenantChange(change.Key.Name));
        ClusterRequests = AddTenants(Kinds.ClusterRequest, Selection.Everything);
        AccessRequests = AddTenants(Kinds.AccessRequest, new Selection(NamePrefix: Manifests.AccessRequestPrefix(identity.Api)));
        SecretCopies = AddTenants(Kinds.Secret, new Selection(LabelSelector: Manifests.CopySelector(identity.Api)));
        OciRepositories = AddTenants(Kinds.OciRepository, Selection.Named(Manifests.FluxName));
        HelmReleases = AddTenants(Kinds.HelmRelease, Selection.Named(Manifests.FluxName));

        NamedObjects Sources(ResourceKind kind) =>
            new(api, kind, identity.PodNamespace, informers, onCommonChange, cancellationToken);

        Informer AddTenants(ResourceKind kind, Selection selection) =>
            Add(kind, selection, change => onTenantChange(change.Key.Namespace));

        Informer Add(ResourceKind kind, Selection selection, Action<InformerChange> onChange)
        {
            var informer = informers.Create(api, kind, selection, onChange, onCommonChange);
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

    /// <summary>The AccessRequests of our names.</summary>
    public Informer AccessRequests { get; }

    /// <summary>The Secrets that bear our labels.</summary>
    public Informer SecretCopies { get; }

    /// <summary>The OCIRepositories of our name.</summary>
    public Informer OciRepositories { get; }

    /// <summary>The HelmReleases of our name.</summary>
    public Informer HelmReleases { get; }

    /// <summary>One informer for each of these kinds.</summary>
    public IReadOnlyList<Informer> Informers => _all;

    /// <summary>The kinds whose stores cannot be relied on now.</summary>
    /// <param name="sources">Kind and state of what the ProviderConfig refers to.</param>
    public IEnumerable<SourceTrouble> Troubles(IEnumerable<(ResourceKind Kind, InformerState State)> sources) =>
        _all
            .Select(informer => new SourceTrouble(informer.ClusterName, informer.Kind, informer.State, informer == ProviderConfigs))
            .Concat(sources.Select(source => new SourceTrouble(ProviderConfigs.ClusterName, source.Kind, source.State, IsInput: true)))
            .Where(source => source.State is not { HasSynced: true, IsServed: true, Failure: null });

    /// <summary>Follows the cluster until cancelled.</summary>
    public Task RunAsync() => Task.WhenAll(_all.Select(informer => informer.RunAsync(_cancellationToken)));

    /// <summary>The store that holds objects of a kind that we write; null if there is none.</summary>
    public Store? StoreOf(ResourceKind kind) =>
        kind == Kinds.AccessRequest ? AccessRequests.Store
        : kind == Kinds.Secret ? SecretCopies.Store
        : kind == Kinds.OciRepository ? OciRepositories.Store
        : kind == Kinds.HelmRelease ? HelmReleases.Store
        : null;
}

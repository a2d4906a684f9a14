using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Kubeconfig;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Telemetry;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Setup.Onboarding;
using ServiceProviderOcm.Worker.Settings;

namespace ServiceProviderOcm.Worker.Connections;

/// <summary>The identity of the provider and its connections to the clusters.</summary>
public sealed class Clusters(IOptions<ProviderOptions> options, TimeProvider time, ControllerMetrics metrics, ILoggerFactory loggers)
{
    private const string PlatformCluster = "platform cluster";
    private const string OnboardingCluster = "onboarding cluster";
    private const string ControlPlane = "control plane";

    private readonly ProviderOptions _options = options.Value;
    private readonly Lazy<IConnectionSource> _platform = new(() => Source(
        options.Value.Kubeconfig, options.Value.Context, metrics.KubeconfigsOf(PlatformCluster), time, loggers));
    private readonly Lazy<IConnectionSource> _reviews = new(() => Source(
        options.Value.Kubeconfig, options.Value.Context, expirations: null, time, loggers));
    private OnboardingAccess? _access;

    /// <summary>The identity of the provider. Its API group is the default one until it is selected, unless one is configured.</summary>
    public Identity Identity { get; private set; } = new(
        new ProviderApi(options.Value.ApiGroup.Length == 0 ? ProviderApi.DefaultGroup : options.Value.ApiGroup),
        options.Value.ProviderName,
        options.Value.PodNamespace);

    /// <summary>Makes informers.</summary>
    public InformerFactory Informers { get; } =
        new(new InformerOptions { Limits = ReadingLimits.KeptOfSharedCluster(options.Value) }, time, Random.Shared, loggers.CreateLogger<Informer>(), metrics.Informers);

    /// <summary>What the platform is being waited for to grant access to the onboarding cluster; null if for nothing.</summary>
    public string? WaitingFor => _access?.WaitingFor;

    /// <summary>Changes the API group, before anything uses it.</summary>
    public void Serve(ProviderApi api) => Identity = Identity with { Api = api };

    /// <summary>The platform cluster.</summary>
    /// <exception cref="KubeconfigException">There is no usable kubeconfig for it.</exception>
    public KubernetesApi Platform(KubernetesApiOptions apiOptions) =>
        Api(PlatformCluster, _platform.Value, Limited(apiOptions).WithSharedValues());

    /// <summary>The same, with the fields that objects of another API group have.</summary>
    /// <exception cref="KubeconfigException">There is no usable kubeconfig for it.</exception>
    public KubernetesApi PlatformOf(ProviderApi api, KubernetesApiOptions apiOptions) =>
        new(PlatformCluster, _platform.Value, Limited(apiOptions).For(api, _options.MaxOcmFieldBytes), time, metrics.Requests);

    /// <summary>The platform cluster, for reviews of the clients of an endpoint: over connections of its own, which nothing else uses.</summary>
    /// <exception cref="KubeconfigException">There is no usable kubeconfig for it.</exception>
    public KubernetesApi PlatformForReviews() => Api(PlatformCluster, _reviews.Value, ClientOptions.Review);

    /// <summary>The onboarding cluster, by <see cref="AccessOnboardingAsync"/>.</summary>
    public KubernetesApi Onboarding(IConnectionSource access, KubernetesApiOptions apiOptions) =>
        Api(OnboardingCluster, access, Limited(apiOptions));

    /// <summary>A cluster whose objects are read as a whole, for commands that copy them.</summary>
    /// <param name="access">The access to the onboarding cluster; null for the platform cluster.</param>
    public KubernetesApi Whole(IConnectionSource? access) => new(
        access is null ? PlatformCluster : OnboardingCluster, access ?? _platform.Value, ClientOptions.Command, time, metrics.Requests);

    /// <summary>Leads to the tenants' control planes.</summary>
    public KubeconfigConnector ControlPlanes(KubernetesApiOptions apiOptions) => Connector(ControlPlane, apiOptions);

    /// <summary>
    /// The connection to the onboarding cluster: by a configured kubeconfig, or by access that is requested from the platform.
    /// </summary>
    /// <param name="purpose">What access is for.</param>
    /// <param name="denialTimeout">How long what the platform forbids is retried.</param>
    /// <param name="cancellationToken">Ends waiting, and after that the watch of the access.</param>
    /// <exception cref="OnboardingAccessException">The platform does not grant access.</exception>
    /// <exception cref="KubeconfigException">There is no usable kubeconfig.</exception>
    public async Task<IConnectionSource> AccessOnboardingAsync(
        OnboardingPurpose purpose, TimeSpan denialTimeout, CancellationToken cancellationToken)
    {
        if (_options.IsOnboardingLocal)
        {
            return LocalOnboarding();
        }

        var apiOptions = ClientOptions.Default;
        _access = new OnboardingAccess(
            Platform(apiOptions), Identity, Connector(OnboardingCluster, apiOptions), Informers, time, loggers.CreateLogger<OnboardingAccess>());
        return await _access.GetAsync(purpose, _options.OnboardingTimeout, denialTimeout, cancellationToken);
    }

    /// <summary>
    /// The existing access to the onboarding cluster: by a configured kubeconfig, or by access granted before. Asks for
    /// nothing.
    /// </summary>
    /// <param name="purpose">What access was granted for.</param>
    /// <param name="apiOptions">For the platform cluster.</param>
    /// <param name="onError">Called with later errors while the access is watched; null: the access is not watched.</param>
    /// <param name="cancellationToken">Cancels the requests, and stops the watch.</param>
    /// <exception cref="KubernetesApiException">The platform cluster rejects the request or is unreachable.</exception>
    /// <exception cref="KubeconfigException">There is no usable kubeconfig.</exception>
    public async Task<OnboardingGrant> FindOnboardingAsync(
        OnboardingPurpose purpose, KubernetesApiOptions apiOptions, Action<string>? onError, CancellationToken cancellationToken) =>
        _options.IsOnboardingLocal
            ? new OnboardingGrant.Granted(LocalOnboarding())
            : await new GrantedAccess(Platform(apiOptions), Identity, Connector(OnboardingCluster, apiOptions), Informers)
                .FindAsync(purpose, onError, cancellationToken);

    private KubeconfigConnector Connector(string cluster, KubernetesApiOptions apiOptions)
    {
        var open = new UseCount();
        return new KubeconfigConnector(
            name => new KubeconfigSecretSource(
                name, ClientOptions.Connection with { Open = open, Expirations = metrics.KubeconfigsOf(cluster) }),
            source => Api(ControlPlane, source, ClientOptions.ControlPlane with
            {
                Limits = ReadingLimits.OfControlPlane(_options),
                RequestTimeout = _options.ControlPlaneBudget.RequestTimeout,
                MayWrite = apiOptions.MayWrite,
                KeepsChanges = apiOptions.KeepsChanges,
            }))
        {
            Open = open,
        };
    }

    private IConnectionSource LocalOnboarding()
    {
        var file = _options.OnboardingKubeconfig.Length > 0 ? _options.OnboardingKubeconfig : _options.Kubeconfig;
        return Source(file, _options.OnboardingContext, metrics.KubeconfigsOf(OnboardingCluster), time, loggers);
    }

    private KubernetesApiOptions Limited(KubernetesApiOptions apiOptions) =>
        apiOptions with { Limits = ReadingLimits.OfSharedCluster(_options) };

    private KubernetesApi Api(string clusterName, IConnectionSource source, KubernetesApiOptions apiOptions) =>
        new(clusterName, source, apiOptions.For(Identity.Api, _options.MaxOcmFieldBytes), time, metrics.Requests);

    private static IConnectionSource Source(
        string kubeconfig, string context, CredentialExpirations? expirations, TimeProvider time, ILoggerFactory loggers) =>
        ConnectionSources.Platform(
            ClientOptions.Connection with { KubeconfigPath = OrNull(kubeconfig), Context = OrNull(context), Expirations = expirations },
            time,
            loggers);

    private static string? OrNull(string text) => text.Length == 0 ? null : text;
}

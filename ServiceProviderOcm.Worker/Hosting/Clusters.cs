using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ServiceProviderOcm.Core.Client;
using ServiceProviderOcm.Core.Client.Kubeconfig;
using ServiceProviderOcm.Core.Objects;
using ServiceProviderOcm.Core.Observe;
using ServiceProviderOcm.Core.Onboarding;
using ServiceProviderOcm.Core.Telemetry;
using ServiceProviderOcm.Core.Watch;

namespace ServiceProviderOcm.Worker.Hosting;

/// <summary>Who we are, and the ways to the clusters, as the settings have it.</summary>
public sealed class Clusters
{
    private readonly ProviderOptions _options;
    private readonly TimeProvider _time;
    private readonly RequestMetrics _metrics;
    private readonly ILoggerFactory _loggers;
    private readonly ConnectionOptions _platformOptions;
    private readonly Lazy<IKubernetesApi> _platform;
    private OnboardingAccess? _access;

    /// <summary>Connects to nothing yet.</summary>
    public Clusters(IOptions<ProviderOptions> options, TimeProvider time, ControllerMetrics metrics, ILoggerFactory loggers)
    {
        _options = options.Value;
        _time = time;
        _metrics = metrics.Requests;
        _loggers = loggers;
        _platformOptions = new ConnectionOptions { KubeconfigPath = OrNull(_options.Kubeconfig), Context = OrNull(_options.Context) };
        Identity = new Identity(new ProviderApi(_options.ApiGroup), _options.ProviderName, _options.PodNamespace);
        Informers = new InformerFactory(new InformerOptions(), time, Random.Shared, loggers.CreateLogger<Informer>());
        ControlPlanes = new ControlPlaneConnector(
            name => new KubeconfigSecretSource(name, new ConnectionOptions()), source => Api("control plane", source));
        _platform = new Lazy<IKubernetesApi>(() => Api("platform cluster", ConnectionSources.Platform(_platformOptions, time, loggers)));
    }

    /// <summary>Who we are.</summary>
    public Identity Identity { get; }

    /// <summary>Makes informers.</summary>
    public InformerFactory Informers { get; }

    /// <summary>The platform cluster.</summary>
    /// <exception cref="KubeconfigException">There is no usable kubeconfig for it.</exception>
    public IKubernetesApi Platform => _platform.Value;

    /// <summary>What the platform is being waited for to grant access to the onboarding cluster; null if for nothing.</summary>
    public string? WaitingFor => _access?.WaitingFor;

    /// <summary>Leads to the tenants' control planes.</summary>
    public ControlPlaneConnector ControlPlanes { get; }

    /// <summary>The onboarding cluster: by a kubeconfig of our own, or by access that is asked of the platform and waited for.</summary>
    /// <param name="purpose">What access is for.</param>
    /// <param name="cancellationToken">Ends waiting, and after that the following of the access.</param>
    /// <exception cref="OnboardingAccessException">The platform does not grant access.</exception>
    /// <exception cref="KubeconfigException">There is no usable kubeconfig.</exception>
    public async Task<IKubernetesApi> OnboardingAsync(OnboardingPurpose purpose, CancellationToken cancellationToken)
    {
        if (_options.IsOnboardingLocal)
        {
            return Api("onboarding cluster", ConnectionSources.Platform(
                new ConnectionOptions
                {
                    KubeconfigPath = OrNull(_options.OnboardingKubeconfig) ?? _platformOptions.KubeconfigPath,
                    Context = OrNull(_options.OnboardingContext),
                },
                _time,
                _loggers));
        }

        _access = new OnboardingAccess(
            Platform, Identity, ControlPlanes, Informers, _time, _loggers.CreateLogger<OnboardingAccess>());
        return Api("onboarding cluster", await _access.GetAsync(purpose, _options.OnboardingTimeout, cancellationToken));
    }

    private KubernetesApi Api(string clusterName, IConnectionSource source) =>
        new(clusterName, source, new KubernetesApiOptions(), _time, _metrics);

    private static string? OrNull(string text) => text.Length == 0 ? null : text;
}

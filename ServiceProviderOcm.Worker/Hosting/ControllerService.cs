using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ServiceProviderOcm.Core.Client;
using ServiceProviderOcm.Core.Client.Kubeconfig;
using ServiceProviderOcm.Core.Objects;
using ServiceProviderOcm.Core.Observe;
using ServiceProviderOcm.Core.Onboarding;
using ServiceProviderOcm.Core.Reconcile;
using ServiceProviderOcm.Core.Watch;

namespace ServiceProviderOcm.Worker.Hosting;

/// <summary>Connects to the clusters and runs the controller for as long as the host lives.</summary>
public sealed partial class ControllerService(
    IOptions<ProviderOptions> options,
    TimeProvider time,
    ILoggerFactory loggers,
    IHostApplicationLifetime lifetime,
    ILogger<ControllerService> logger) : BackgroundService
{
    private readonly ProviderOptions _options = options.Value;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await RunAsync(stoppingToken);
        }
        catch (Exception exception) when (exception is OnboardingAccessException or KubeconfigException)
        {
            LogFatal(exception.Message);
            Fail();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            LogInterrupted();
        }
        catch (Exception exception)
        {
            LogBug(exception);
            Fail();
        }
    }

    private void Fail()
    {
        Environment.ExitCode = ExitCodes.Failure;
        lifetime.StopApplication();
    }

    private async Task RunAsync(CancellationToken stoppingToken)
    {
        var identity = new Identity(new ProviderApi(_options.ApiGroup), _options.ProviderName, _options.PodNamespace);
        LogProvider(_options.ProviderName, _options.Environment, _options.ApiGroup);
        var controllerOptions = new ControllerOptions { Workers = _options.Workers };
        var connector = new ControlPlaneConnector(
            name => new KubeconfigSecretSource(name, new ConnectionOptions()),
            source => new KubernetesApi("control plane", source, KubernetesApiOptions.OfControlPlane, time));

        var platformOptions = new ConnectionOptions { KubeconfigPath = OrNull(_options.Kubeconfig), Context = OrNull(_options.Context) };
        var platform = Api("platform cluster", ConnectionSources.Platform(platformOptions, time, loggers));
        var onboarding = Api("onboarding cluster", await OnboardingAsync());

        using var controller = new Controller(identity, platform, onboarding, connector, controllerOptions, time, loggers);
        await controller.RunAsync(stoppingToken);

        async Task<IConnectionSource> OnboardingAsync()
        {
            if (_options.IsOnboardingLocal)
            {
                var onboardingOptions = new ConnectionOptions
                {
                    KubeconfigPath = OrNull(_options.OnboardingKubeconfig) ?? platformOptions.KubeconfigPath,
                    Context = OrNull(_options.OnboardingContext),
                };
                return ConnectionSources.Platform(onboardingOptions, time, loggers);
            }

            var informers = new InformerFactory(controllerOptions.Informers, time, Random.Shared, loggers.CreateLogger<Informer>());
            var access = new OnboardingAccess(
                platform, identity, connector, informers, time, loggers.CreateLogger<OnboardingAccess>());
            return await access.GetAsync("onboarding-run", _options.OnboardingTimeout, stoppingToken);
        }
    }

    private KubernetesApi Api(string clusterName, IConnectionSource source) => new(clusterName, source, new KubernetesApiOptions(), time);

    private static string? OrNull(string text) => text.Length == 0 ? null : text;

    [LoggerMessage(LogLevel.Critical, "{Message}")]
    private partial void LogFatal(string message);

    [LoggerMessage(LogLevel.Critical, "An unexpected error has ended the controller")]
    private partial void LogBug(Exception exception);

    [LoggerMessage(LogLevel.Information, "Provider {ProviderName} in environment {Environment} serves {ApiGroup}")]
    private partial void LogProvider(string providerName, string environment, string apiGroup);

    [LoggerMessage(LogLevel.Information, "Stopped before the controller had started")]
    private partial void LogInterrupted();
}

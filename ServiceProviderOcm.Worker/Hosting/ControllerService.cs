using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ServiceProviderOcm.Core.Client;
using ServiceProviderOcm.Core.Onboarding;
using ServiceProviderOcm.Core.Reconcile;

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
        LogProvider(_options.ProviderName, _options.Environment, _options.ApiGroup);
        var clusters = new Clusters(options, time, loggers);
        var identity = clusters.Identity;
        var onboarding = await clusters.OnboardingAsync(OnboardingPurpose.Run(identity.Api), stoppingToken);
        var controllerOptions = new ControllerOptions { Workers = _options.Workers };
        using var controller = new Controller(
            identity, clusters.Platform, onboarding, clusters.ControlPlanes, controllerOptions, time, loggers);
        await controller.RunAsync(stoppingToken);
    }

    [LoggerMessage(LogLevel.Critical, "{Message}")]
    private partial void LogFatal(string message);

    [LoggerMessage(LogLevel.Critical, "An unexpected error has ended the controller")]
    private partial void LogBug(Exception exception);

    [LoggerMessage(LogLevel.Information, "Provider {ProviderName} in environment {Environment} serves {ApiGroup}")]
    private partial void LogProvider(string providerName, string environment, string apiGroup);

    [LoggerMessage(LogLevel.Information, "Stopped before the controller had started")]
    private partial void LogInterrupted();
}

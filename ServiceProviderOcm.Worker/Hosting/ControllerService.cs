using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ServiceProviderOcm.Core.Client;
using ServiceProviderOcm.Core.Onboarding;
using ServiceProviderOcm.Core.Reconcile;
using ServiceProviderOcm.Core.Telemetry;
using ServiceProviderOcm.Worker.Endpoints;

namespace ServiceProviderOcm.Worker.Hosting;

/// <summary>Connects to the clusters and runs the controller for as long as the host lives.</summary>
public sealed partial class ControllerService(
    IOptions<ProviderOptions> options,
    Clusters clusters,
    HealthChecks health,
    TimeProvider time,
    ControllerMetrics metrics,
    ILoggerFactory loggers,
    IHostApplicationLifetime lifetime,
    ILogger<ControllerService> logger) : BackgroundService
{
    private readonly ProviderOptions _options = options.Value;
    private volatile string? _startup = "is starting";

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var checks = health.Add(
            new HealthCheck(Probe.Liveness, "controller", () => ExecuteTask is { IsCompleted: true } ? "has ended" : null),
            new HealthCheck(Probe.Readiness, "controller", () => _startup));
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
        var onboarding = await OnboardingAsync(stoppingToken);
        using var controller = new Controller(
            clusters.Identity,
            clusters.Platform,
            onboarding,
            clusters.ControlPlanes,
            new ControllerOptions { Workers = _options.Workers },
            time,
            metrics,
            loggers);
        using var checks = health.Add(ControllerChecks.Of(controller));
        _startup = null;
        await controller.RunAsync(stoppingToken);
    }

    private async Task<IKubernetesApi> OnboardingAsync(CancellationToken stoppingToken)
    {
        using var waiting = health.Add(new HealthCheck(
            Probe.Readiness, "onboarding access", () => clusters.WaitingFor is { } what ? $"waiting for {what}" : null));
        return await clusters.OnboardingAsync(OnboardingPurpose.Run(clusters.Identity.Api), stoppingToken);
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

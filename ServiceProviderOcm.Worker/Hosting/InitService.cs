using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Text;
using ServiceProviderOcm.Core.Setup;
using ServiceProviderOcm.Core.Setup.Groups;
using ServiceProviderOcm.Core.Setup.Onboarding;
using ServiceProviderOcm.Worker.Connections;
using ServiceProviderOcm.Worker.Lifetime;
using ServiceProviderOcm.Worker.Settings;

namespace ServiceProviderOcm.Worker.Hosting;

/// <summary>Runs <c>init</c> once, then stops the host. Failures go to standard error, one line each.</summary>
public sealed partial class InitService(
    IOptions<ProviderOptions> options,
    Clusters clusters,
    GroupSelection groups,
    TimeProvider time,
    ILoggerFactory loggers,
    IHostApplicationLifetime lifetime,
    ILogger<InitService> logger) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await FailAsync(await RunAsync(stoppingToken));
        }
        catch (Exception exception) when (exception is OnboardingAccessException or GroupSelectionException or KubeconfigException)
        {
            await FailAsync([exception.Message]);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await FailAsync(["Interrupted before it was complete. Run `init` again."]);
        }
        catch (Exception exception)
        {
            LogBug(exception);
            await FailAsync([$"Unexpected error ({exception.GetType().Name}); see the log"]);
        }

        lifetime.StopApplication();
    }

    private async Task<IReadOnlyList<string>> RunAsync(CancellationToken stoppingToken)
    {
        // Where the group is known, one definition is installed even if the cluster of the other is out of reach.
        var access = groups.IsDetecting ? await groups.AccessAsync(_ => OnboardingPurpose.Init, GroupSelection.ShortDenial, stoppingToken) : null;
        var identity = clusters.Identity;
        LogStarted(identity.Api.Group);
        var apiOptions = ClientOptions.Default;
        var platform = clusters.Platform(apiOptions);
        await groups.RemoveFormerAccessAsync(apiOptions, isUsedByLeader: false, stoppingToken);
        var initializer = new Initializer(
            identity.Api,
            new CrdInstaller(clusters.Informers, time, loggers.CreateLogger<CrdInstaller>()),
            new ProviderConfigReview(identity, loggers.CreateLogger<ProviderConfigReview>()),
            options.Value.Standalone
                ? null
                : new ServiceProviderStatus(platform, identity, loggers.CreateLogger<ServiceProviderStatus>()));
        return await initializer.RunAsync(platform, OnboardingAsync, stoppingToken);

        async Task<IKubernetesApi> OnboardingAsync(CancellationToken token) =>
            clusters.Onboarding(
                access ?? await groups.AccessAsync(_ => OnboardingPurpose.Init, GroupSelection.ShortDenial, token), apiOptions);
    }

    private static async Task FailAsync(IReadOnlyList<string> failures)
    {
        foreach (var failure in failures)
        {
            Environment.ExitCode = ExitCodes.Failure;
            await Console.Error.WriteLineAsync(PrintableText.OneLine(failure));
        }
    }

    [LoggerMessage(LogLevel.Information, "Installing the CustomResourceDefinitions of {ApiGroup}")]
    private partial void LogStarted(string apiGroup);

    [LoggerMessage(LogLevel.Critical, "Unexpected error in init")]
    private partial void LogBug(Exception exception);
}

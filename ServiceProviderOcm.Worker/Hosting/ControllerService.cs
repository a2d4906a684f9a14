using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.LeaderElection;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Setup.Groups;
using ServiceProviderOcm.Core.Setup.Onboarding;
using ServiceProviderOcm.Worker.Connections;
using ServiceProviderOcm.Worker.Endpoints;
using ServiceProviderOcm.Worker.Lifetime;
using ServiceProviderOcm.Worker.Settings;

namespace ServiceProviderOcm.Worker.Hosting;

/// <summary>Connects to the clusters and runs the controller for as long as the host lives.</summary>
public sealed partial class ControllerService(
    IOptions<ProviderOptions> options,
    Clusters clusters,
    GroupSelection groups,
    HealthChecks health,
    TimeProvider time,
    ControllerMetrics metrics,
    ILoggerFactory loggers,
    IHostApplicationLifetime lifetime,
    ILogger<ControllerService> logger) : BackgroundService
{
    private readonly ProviderOptions _options = options.Value;
    private CancellationToken _stopping;
    private volatile string? _startup = "is starting";
    private volatile LeaderElector? _elector;
    private volatile PeerLease? _peer;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var checks = health.Add(
            new HealthCheck(Probe.Readiness, "controller", StartupError));
        try
        {
            await RunAsync(stoppingToken);
        }
        catch (Exception exception) when (exception is OnboardingAccessException or GroupSelectionException or KubeconfigException or LeadershipLostException)
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

    private string? StartupError() => _elector switch
    {
        { IsStandby: true } => null,
        { IsLeading: false, LastError: { } error } when _startup is { } startup => $"{startup}: {error}",
        _ when _peer is { LastError: { Length: > 0 } error } && _startup is { } startup => $"{startup}: {error}",
        _ => _startup,
    };

    private void Fail()
    {
        Environment.ExitCode = ExitCodes.Failure;
        lifetime.StopApplication();
    }

    private async Task RunAsync(CancellationToken stoppingToken)
    {
        _stopping = stoppingToken;
        var onboarding = await OnboardingAsync(stoppingToken);
        LogProvider(_options.ProviderName, _options.Environment, clusters.Identity.Api.Group);
        if (!_options.LeaderElect)
        {
            await WorkAsync(ClientOptions.Default, CancellationToken.None);
            return;
        }

        var election = new LeaderElectionOptions();
        var lease = clusters.Identity.Lease;
        _startup = $"is waiting for Lease {lease}";
        var elector = new LeaderElector(
            clusters.Platform(ClientOptions.Default with { RequestTimeout = election.RenewDeadline / 2 }),
            lease,
            $"{(_options.PodName.Length == 0 ? Environment.MachineName : _options.PodName)}_{Guid.NewGuid()}",
            election,
            time,
            Random.Shared,
            loggers.CreateLogger<LeaderElector>());
        _elector = elector;
        metrics.ObserveLeadership(lease.Name, () => elector.IsLeading);
        await elector.RunAsync(lost => WorkAsync(ClientOptions.Default with { MayWrite = () => elector.IsLeading }, lost), stoppingToken);

        async Task WorkAsync(KubernetesApiOptions apiOptions, CancellationToken abortToken)
        {
            using var controller = new OcmController(
                clusters.Identity,
                clusters.Platform(apiOptions),
                clusters.Onboarding(onboarding, apiOptions),
                clusters.ControlPlanes(apiOptions),
                new ControllerOptions
                {
                    Workers = _options.Workers,
                    ControlPlanes = new ControlPlaneTurnOptions
                    {
                        Workers = _options.ControlPlaneWorkers,
                        MaxSteps = _options.ControlPlaneBudget.TurnSteps,
                        MaxDuration = _options.ControlPlaneBudget.TurnDuration,
                    },
                    Informers = new InformerOptions { StreamsLists = true, Limits = ReadingLimits.KeptOfSharedCluster(_options) },
                    ControlPlaneTotalBytes = _options.ControlPlaneBudget.TotalBytes,
                    ControlPlaneBudget = ReadingLimits.OfAllControlPlanes(_options),
                    ControlPlaneLimits = ReadingLimits.KeptOfControlPlane(_options),
                    MaxOcmsPerNamespace = _options.MaxOcmsPerNamespace,
                    MaxOcms = _options.MaxOcms,
                    MaxOcmStoreBytes = _options.MaxOcmStoreBytes,
                    ChangeInterval = _options.OcmChangeInterval,
                    OperationInterval = _options.OcmOperationInterval,
                    WaitTimeout = _options.WaitTimeout,
                    ApiGroupWarnings = groups.Warnings,
                },
                time,
                metrics,
                loggers);
            var isGoProviderDone = await WaitForGoProviderAsync(onboarding, abortToken);
            using var checks = health.Add(ControllerChecks.Of(controller));
            _startup = null;
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, abortToken);
            var removing = isGoProviderDone ? RemovePermissionsAsync(apiOptions, ended.Token) : Task.CompletedTask;
            await controller.RunAsync(stoppingToken, abortToken);
            await ended.CancelAsync();
            await removing;
        }
    }

    // Not before this replica leads and the Go provider has ended: both may work with them until then.
    private Task RemovePermissionsAsync(KubernetesApiOptions apiOptions, CancellationToken cancellationToken) => Task.WhenAll(
        groups.ReduceAccessAsync(apiOptions, cancellationToken),
        groups.RemoveFormerAccessAsync(apiOptions, isUsedByLeader: true, cancellationToken));

    // A rolling update from the Go provider runs both for a while.
    private async Task<bool> WaitForGoProviderAsync(IConnectionSource onboarding, CancellationToken abortToken)
    {
        var lease = new ObjectKey(clusters.Identity.PodNamespace, ObjectNames.GoLease);
        var peer = new PeerLease(
            clusters.Onboarding(onboarding, ClientOptions.Default), lease, _options.WaitTimeout, time, loggers.CreateLogger<PeerLease>());
        _peer = peer;
        _startup = $"is waiting for Lease {lease} of the Go provider on the onboarding cluster";
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(_stopping, abortToken);
        return await peer.WaitUntilFreeAsync(waiting.Token);
    }

    private async Task<IConnectionSource> OnboardingAsync(CancellationToken stoppingToken)
    {
        using var waiting = health.Add(new HealthCheck(
            Probe.Readiness, "onboarding access", () => groups.WaitingFor is { } what ? $"waiting for {what}" : null));
        return await groups.AccessAsync(OnboardingPurpose.Run, _options.OnboardingTimeout, stoppingToken);
    }

    [LoggerMessage(LogLevel.Critical, "{Message}")]
    private partial void LogFatal(string message);

    [LoggerMessage(LogLevel.Critical, "Unexpected error in the controller")]
    private partial void LogBug(Exception exception);

    [LoggerMessage(LogLevel.Information, "Provider {ProviderName} in environment {Environment} serves {ApiGroup}")]
    private partial void LogProvider(string providerName, string environment, string apiGroup);

    [LoggerMessage(LogLevel.Information, "Stopped before the controller had started")]
    private partial void LogInterrupted();
}

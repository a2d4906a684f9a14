using Microsoft.Extensions.Logging;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Timing;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Plan;
using ServiceProviderOcm.Core.Report;
using ServiceProviderOcm.Core.Rollout;
using ServiceProviderOcm.Core.Watch;

namespace ServiceProviderOcm.Core.Controller;

/// <summary>
/// Writes the status of the ProviderConfig, and removes its annotation when an operation is done: at most one write per
/// <see cref="Interval"/>, and none while nothing changes.
/// </summary>
/// <param name="identity">The identity of the provider.</param>
/// <param name="platform">The platform cluster.</param>
/// <param name="watch">The ProviderConfig and what it refers to.</param>
/// <param name="ocms">All OCMs.</param>
/// <param name="reapply">The operation that is carried out.</param>
/// <param name="rollout">How far the rollout is; null if nothing has been decided yet.</param>
/// <param name="storeError">The last error of storing a revision; empty if there is none.</param>
/// <param name="apiGroupWarnings">What was found of OCMs in another API group.</param>
/// <param name="time">Clock.</param>
/// <param name="logger">Log.</param>
internal sealed partial class ProviderConfigStatus(
    Identity identity,
    IKubernetesApi platform,
    PlatformWatch watch,
    Informer ocms,
    FleetReapply reapply,
    Func<RolloutStatus?> rollout,
    Func<string> storeError,
    IReadOnlyList<string> apiGroupWarnings,
    TimeProvider time,
    ILogger<ProviderConfigStatus> logger)
{
    /// <summary>The minimum time between two writes.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>The delay after a change, which is likely to be followed by others.</summary>
    public static readonly TimeSpan DebounceDelay = TimeSpan.FromSeconds(1);

    private readonly Signal _signal = new();

    /// <summary>Something changed that the status tells.</summary>
    public void Signal() => _signal.Set();

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            var delay = DebounceDelay;
            await foreach (var _ in _signal.AllAsync(cancellationToken))
            {
                await Task.Delay(delay, time, cancellationToken);
                var written = time.GetTimestamp();
                var hasWritten = await UpdateAsync(cancellationToken);
                delay = hasWritten ? Interval - time.GetElapsedTime(written) : DebounceDelay;
                if (delay < DebounceDelay)
                {
                    delay = DebounceDelay;
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    // Whether something was written, or could not be.
    private async Task<bool> UpdateAsync(CancellationToken cancellationToken)
    {
        try
        {
            return ocms.State.IsSynced
                && watch.ProviderConfigs.State.IsSynced
                && watch.ProviderConfig is { IsBeingDeleted: false } providerConfig
                && await WriteAsync(providerConfig, cancellationToken);
        }
        catch (KubernetesApiException exception)
        {
            if (!exception.IsConflict)
            {
                LogFailed(exception.Message);
            }

            Signal();
            return true;
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            LogUnexpected(exception);
            return true;
        }
    }

    private async Task<bool> WriteAsync(KubeObject providerConfig, CancellationToken cancellationToken)
    {
        if (Operation.IsReconcile(providerConfig) && reapply.IsDone)
        {
            await platform.MergePatchAsync(
                identity.Api.ProviderConfig,
                providerConfig.Key,
                MetadataPatches.RemoveOperation(providerConfig),
                subresource: null,
                cancellationToken);
            LogReapplied(providerConfig.Name);
            Signal();
            return true;
        }

        var config = watch.Config;
        var sources = watch.SourcesOf(config);
        if (sources is null
            || ProviderConfigReport.Of(
                identity,
                providerConfig,
                config,
                ConfigurationErrors.Of(identity, config, sources.Secrets, sources.CaBundle),
                Fleet.Of(config, CurrentOcms.Of(ocms)),
                apiGroupWarnings,
                time.GetUtcNow(),
                rollout(),
                storeError()) is not { } report)
        {
            return false;
        }

        await platform.MergePatchAsync(
            identity.Api.ProviderConfig, providerConfig.Key, report.StatusPatch, "status", cancellationToken);
        foreach (var @event in report.Events)
        {
            await CreateAsync(@event, cancellationToken);
        }

        return true;
    }

    private async Task CreateAsync(KubeObject @event, CancellationToken cancellationToken)
    {
        try
        {
            await platform.CreateAsync(Kinds.Event, @event, cancellationToken);
        }
        catch (KubernetesApiException exception) when (exception.Code == 422 && @event.Namespace != ProviderConfigReport.OldEventNamespace)
        {
            await CreateAsync(ProviderConfigReport.ForOldServers(@event), cancellationToken);
        }
        catch (KubernetesApiException exception)
        {
            logger.NoEvent(exception.Message);
        }
    }

    [LoggerMessage(LogLevel.Information, "Everything was applied again for all OCMs, as ProviderConfig {Name} requested")]
    private partial void LogReapplied(string name);

    [LoggerMessage(LogLevel.Warning, "The status of the ProviderConfig was not written, which is retried: {Message}")]
    private partial void LogFailed(string message);

    [LoggerMessage(LogLevel.Error, "Unexpected error while writing the status of the ProviderConfig")]
    private partial void LogUnexpected(Exception exception);
}

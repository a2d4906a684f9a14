using Microsoft.Extensions.Logging;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Timing;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Core.Watch;

namespace ServiceProviderOcm.Core.Controller;

/// <summary>
/// Stores the revisions of the ProviderConfig, as a StatefulSet stores its own: the newest, those that OCMs are at, and the latest
/// <c>spec.revisionHistoryLimit</c>. Writes nothing while nothing changes.
/// </summary>
internal sealed partial class RevisionHistory(
    Identity identity,
    IKubernetesApi platform,
    PlatformWatch watch,
    FleetRollout rollout,
    Action onError,
    TimeProvider time,
    ILogger<RevisionHistory> logger)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(5);

    /// <summary>The last error of storing a revision; empty if there is none.</summary>
    public string Error { get; private set; } = "";

    /// <summary>To be set when the ProviderConfig, the stored revisions or the rollout have changed.</summary>
    public Signal Changes { get; } = new();

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var _ in Changes.AllAsync(cancellationToken))
            {
                if (!await TryUpdateAsync(cancellationToken))
                {
                    await Task.Delay(RetryDelay, time, cancellationToken);
                    Changes.Set();
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    private async Task<bool> TryUpdateAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (watch is { ProviderConfigs.State.IsSynced: true, Revisions.AreKnown: true, Config: { Exists: true, IsPaused: false } newest }
                && watch.ProviderConfig is { IsBeingDeleted: false } providerConfig)
            {
                await TryStoreAsync(newest, providerConfig, cancellationToken);
                rollout.Decide();
                await PruneAsync(newest, cancellationToken);
            }

            return true;
        }
        catch (KubernetesApiException exception)
        {
            LogFailed(exception.Message);
            onError();
            return false;
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            LogUnexpected(exception);
            return false;
        }
    }

    private async Task TryStoreAsync(InstallConfig newest, KubeObject providerConfig, CancellationToken cancellationToken)
    {
        try
        {
            await StoreAsync(newest, providerConfig, cancellationToken);
            Error = "";
        }
        catch (KubernetesApiException exception)
        {
            Error = exception.Message;
            throw;
        }
    }

    /// <summary>Stores the newest revision if it is not the latest.</summary>
    /// <param name="newest">The configuration.</param>
    /// <param name="providerConfig">The ProviderConfig, which may have changed since the configuration was read.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    internal async Task StoreAsync(InstallConfig newest, KubeObject providerConfig, CancellationToken cancellationToken)
    {
        var latest = watch.Revisions.All is [var first, ..] ? first : null;
        if (latest is not null && StoredRevision.RevisionOf(latest, identity.Api) == newest.Revision)
        {
            return;
        }

        var spec = providerConfig.Json.At("spec") ?? default;
        if (ConfigRevision.Of(spec) != newest.Revision)
        {
            // The change has set the signal again.
            return;
        }

        var manifest = StoredRevision.Manifest(
            identity,
            newest.Revision,
            spec,
            (latest is null ? 0 : StoredRevision.NumberOf(latest)) + 1);
        watch.Revisions.RecordWrite(
            await platform.ApplyAsync(Kinds.ControllerRevision, manifest, isForced: true, cancellationToken));
        LogStored(newest.Revision);
    }

    private async Task PruneAsync(InstallConfig newest, CancellationToken cancellationToken)
    {
        if (rollout.RevisionsInUse is not { } inUse)
        {
            return;
        }

        watch.UseOnly(inUse);
        foreach (var stored in watch.Revisions.All
            .Where(stored => !inUse.Contains(StoredRevision.RevisionOf(stored, identity.Api)))
            .Skip(newest.RevisionHistoryLimit))
        {
            await platform.DeleteAsync(Kinds.ControllerRevision, stored.Key, new DeleteRequest(Uid: stored.Uid), cancellationToken);
            watch.Revisions.RecordDelete(stored);
        }
    }

    [LoggerMessage(LogLevel.Information, "Stored revision {Revision} of the ProviderConfig")]
    private partial void LogStored(string revision);

    [LoggerMessage(LogLevel.Warning, "The revisions of the ProviderConfig were not stored, which is retried: {Message}")]
    private partial void LogFailed(string message);

    [LoggerMessage(LogLevel.Error, "Unexpected error while storing the revisions of the ProviderConfig")]
    private partial void LogUnexpected(Exception exception);
}

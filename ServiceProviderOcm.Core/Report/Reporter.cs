using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;

namespace ServiceProviderOcm.Core.Report;

/// <summary>
/// Writes status and Events. Changes that are not urgent are debounced, so that not every step of an installation is written, and so are all
/// that come too often.
/// </summary>
public sealed class Reporter(
    IKubernetesApi onboarding, Identity identity, Store ocms, ReportPace pace, TimeProvider time, ILogger<Reporter> logger)
{
    private readonly ConcurrentDictionary<ObjectKey, long> _changedSince = new();
    private readonly ConcurrentDictionary<ObjectKey, UnreadableObject> _unreadable = new();

    /// <summary>The number of OCMs whose report is debounced.</summary>
    public int DebouncedCount => _changedSince.Count;

    /// <summary>Writes a report, or returns when to report again.</summary>
    /// <param name="ocm">The OCM.</param>
    /// <param name="report">The report.</param>
    /// <param name="isPassing">Whether the cause is probably transient, so that even an urgent change is debounced.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    /// <exception cref="KubernetesApiException">
    /// The status could not be written; a conflict if the OCM has changed meanwhile. A failure to write the Event is only logged.
    /// </exception>
    public async Task<ReportResult> ReportAsync(ObjectKey ocm, OcmReport report, bool isPassing, CancellationToken cancellationToken)
    {
        _unreadable.TryRemove(ocm, out _);
        if (!report.HasChanges)
        {
            _changedSince.TryRemove(ocm, out _);
            return ReportResult.Unchanged;
        }

        var delay = isPassing && report.DebounceDelay < StatusReport.DebounceDelay ? StatusReport.DebounceDelay : report.DebounceDelay;
        var elapsed = delay == TimeSpan.Zero
            ? delay
            : time.GetElapsedTime(_changedSince.GetOrAdd(ocm, _ => time.GetTimestamp()));
        if (elapsed < delay)
        {
            return ReportResult.Debounced(delay - elapsed);
        }

        if (pace.TryTake(ocm) is var wait && wait > TimeSpan.Zero)
        {
            return ReportResult.Debounced(wait);
        }

        try
        {
            ocms.RecordWrite(await onboarding.MergePatchAsync(identity.Api.Ocm, ocm, report.StatusPatch, "status", cancellationToken));
        }
        catch (KubernetesApiException exception) when (exception.IsNotFound)
        {
            return ReportResult.Unchanged;
        }

        _changedSince.TryRemove(ocm, out _);
        foreach (var @event in report.Events)
        {
            await onboarding.CreateEventOnceAsync(@event, logger, cancellationToken);
        }

        return ReportResult.Written;
    }

    /// <summary>
    /// Reports an OCM that cannot be read, or returns when to report it again: by an Event, and if it exceeds a limit, in its status. Each error
    /// and limit is reported once, also where a process before has reported it.
    /// </summary>
    /// <param name="ocm">What is known of the OCM.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    /// <exception cref="KubernetesApiException">The status could not be written. A failure to write the Event is only logged.</exception>
    public async Task<ReportResult> ReportUnreadableAsync(UnreadableObject ocm, CancellationToken cancellationToken)
    {
        _changedSince.TryRemove(ocm.Key, out _);
        var reported = _unreadable.GetValueOrDefault(ocm.Key);
        var isReported = reported is null
            ? OverLimitStatus.IsReported(ocm)
            : (reported.Uid, ErrorOf(reported)) == (ocm.Uid, ErrorOf(ocm));
        var generation = reported?.Generation ?? ocm.ReadyCondition.Number("observedGeneration");
        var isStatusUpToDate = ocm.Excess is null || (isReported && generation == ocm.Generation);
        if (!(isReported && isStatusUpToDate) && pace.TryTake(ocm.Key) is var wait && wait > TimeSpan.Zero)
        {
            return ReportResult.Debounced(wait);
        }

        if (!isStatusUpToDate && !await ApplyStatusAsync(ocm, cancellationToken))
        {
            return ReportResult.Unchanged;
        }

        _unreadable[ocm.Key] = ocm;
        if (!isReported)
        {
            await onboarding.CreateEventOnceAsync(UnreadableEvent.Of(identity, ocm, time.GetUtcNow()), logger, cancellationToken);
        }

        return isStatusUpToDate ? ReportResult.Unchanged : ReportResult.Written;
    }

    /// <summary>Drops what is known of an OCM that is gone, except how often it was reported of late.</summary>
    public void Drop(ObjectKey ocm)
    {
        _changedSince.TryRemove(ocm, out _);
        _unreadable.TryRemove(ocm, out _);
        pace.Drop(ocm);
    }

    // The actual value changes with each change of the OCM, also of its status.
    private static string ErrorOf(UnreadableObject ocm) => ocm.Excess?.What ?? ocm.Error;

    private async Task<bool> ApplyStatusAsync(UnreadableObject ocm, CancellationToken cancellationToken)
    {
        try
        {
            await onboarding.ApplyStatusAsync(identity.Api.Ocm, OverLimitStatus.Of(identity.Api, ocm, time.GetUtcNow()), cancellationToken);
            return true;
        }
        catch (KubernetesApiException exception) when (exception.IsNotFound || exception.IsConflict)
        {
            // It is gone, or another one has its name.
            return false;
        }
    }
}

using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;

namespace ServiceProviderOcm.Core.Report;

/// <summary>
/// Writes status and Events. What is not urgent has to hold for a moment first, so that an OCM on its way is not written
/// for every step of it.
/// </summary>
public sealed partial class Reporter(
    IKubernetesApi onboarding, ProviderApi api, Store ocms, TimeProvider time, ILogger<Reporter> logger)
{
    private readonly ConcurrentDictionary<ObjectKey, long> _waitingSince = new();

    /// <summary>Writes a report, or says when to come back with it.</summary>
    /// <param name="ocm">Whose report.</param>
    /// <param name="report">The report; null if there are no news.</param>
    /// <param name="isPassing">Whether the cause may well be gone in a moment, so that even urgent news are put off.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    /// <returns>After which time to look again, or null.</returns>
    /// <exception cref="KubernetesApiException">
    /// The status could not be written; a conflict if somebody has changed the OCM meanwhile. A failure to write the Event is only logged.
    /// </exception>
    public async Task<TimeSpan?> ReportAsync(ObjectKey ocm, OcmReport? report, bool isPassing, CancellationToken cancellationToken)
    {
        if (report is null)
        {
            _waitingSince.TryRemove(ocm, out _);
            return null;
        }

        var patience = isPassing && report.Patience < StatusReport.Patience ? StatusReport.Patience : report.Patience;
        var waited = patience == TimeSpan.Zero
            ? patience
            : time.GetElapsedTime(_waitingSince.GetOrAdd(ocm, _ => time.GetTimestamp()));
        if (waited < patience)
        {
            return patience - waited;
        }

        try
        {
            ocms.Remember(await onboarding.MergePatchAsync(api.Ocm, ocm, report.StatusPatch, "status", cancellationToken));
        }
        catch (KubernetesApiException exception) when (exception.IsNotFound)
        {
            return null;
        }

        _waitingSince.TryRemove(ocm, out _);
        if (report.Event is { } told)
        {
            await TellAsync(told, cancellationToken);
        }

        return null;
    }

    /// <summary>Drops what is put off for an OCM that is gone.</summary>
    public void Forget(ObjectKey ocm) => _waitingSince.TryRemove(ocm, out _);

    private async Task TellAsync(KubeObject told, CancellationToken cancellationToken)
    {
        try
        {
            await onboarding.CreateAsync(Kinds.Event, told, cancellationToken);
        }
        catch (KubernetesApiException exception)
        {
            LogNoEvent(exception.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Cannot write an Event: {Message}")]
    private partial void LogNoEvent(string message);
}

using Microsoft.Extensions.Logging;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Telemetry;
using ServiceProviderOcm.Core.Kubernetes.Timing;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Report;

namespace ServiceProviderOcm.Core.Controller;

/// <summary>Reports namespaces with so many OCMs that some are only counted: by one Event and one line in the log for each, once an hour.</summary>
/// <param name="identity">The identity of the provider.</param>
/// <param name="onboarding">The onboarding cluster, for Events.</param>
/// <param name="ocms">The OCMs.</param>
/// <param name="kept">How much is kept of them.</param>
/// <param name="tenants">The OCMs that are known.</param>
/// <param name="limits">Counts.</param>
/// <param name="time">Clock.</param>
/// <param name="logger">Log.</param>
internal sealed partial class SurplusReport(
    Identity identity,
    IKubernetesApi onboarding,
    Informer ocms,
    InformerLimits kept,
    Tenants tenants,
    LimitMetrics limits,
    TimeProvider time,
    ILogger<SurplusReport> logger)
{
    private static readonly TimeSpan DebounceDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Period = TimeSpan.FromHours(1);

    private readonly Signal _signal = new();

    // Namespaces, and when they were reported.
    private readonly Dictionary<string, long> _reported = new(StringComparer.Ordinal);

    /// <summary>A namespace has OCMs that are only counted, and had none before.</summary>
    public void Signal() => _signal.Set();

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var again = time.CreateTimer(_ => Signal(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        try
        {
            await foreach (var _ in _signal.AllAsync(cancellationToken))
            {
                await Task.Delay(DebounceDelay, time, cancellationToken);
                await ReportAllAsync(again, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    private async Task ReportAllAsync(ITimer again, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var (old, _) in _reported.Where(entry => time.GetElapsedTime(entry.Value) >= Period).ToList())
            {
                _reported.Remove(old);
            }

            var all = ocms.Surplus.All;
            again.Change(all.Count > 0 ? Period : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            var total = all.Sum(each => (long)each.Count);
            var unreadable = ocms.UnreadableObjects.CountBy(each => each.Key.Namespace, StringComparer.Ordinal)
                .ToDictionary(StringComparer.Ordinal);
            foreach (var (ns, count) in all.Where(each => _reported.TryAdd(each.Namespace, time.GetTimestamp())))
            {
                await ReportAsync(ns, count, unreadable.GetValueOrDefault(ns), total, cancellationToken);
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            LogUnexpected(exception);
        }
    }

    private async Task ReportAsync(string ns, int count, int unreadable, long total, CancellationToken cancellationToken)
    {
        var exceeded = SurplusLimit.Of(
            tenants.LimitOf(ns), (count, ocms.Surplus.ReadableIn(ns)), unreadable, (ocms.Store.Count, ocms.Store.Bytes), total, kept);
        limits.Exceeded(exceeded.Name);
        LogSurplus(SurplusEvent.MessageOf(ns, count, exceeded));
        await onboarding.CreateEventOnceAsync(
            SurplusEvent.Of(identity, ns, count, exceeded, time.GetUtcNow()), logger, cancellationToken);
    }

    [LoggerMessage(LogLevel.Warning, "Too many OCMs: {Message}")]
    private partial void LogSurplus(string message);

    [LoggerMessage(LogLevel.Error, "Unexpected error while reporting namespaces with too many OCMs")]
    private partial void LogUnexpected(Exception exception);
}

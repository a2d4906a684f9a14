using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Timing;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.Orphans;
using ServiceProviderOcm.Core.Report;
using ServiceProviderOcm.Core.Watch;

namespace ServiceProviderOcm.Core.Controller;

/// <summary>
/// Finds and reports orphans: managed objects in tenant namespaces without OCM, such as after a finalizer was removed by hand. It reads
/// informers only, checks only namespaces in which something happened while they had no OCM, and deletes nothing.
/// </summary>
/// <param name="identity">The identity of the provider.</param>
/// <param name="platform">The platform cluster, for Events.</param>
/// <param name="watch">The managed objects.</param>
/// <param name="areOcmsSynced">Whether all OCMs are known.</param>
/// <param name="hasOcm">Whether the OCM of managed objects exists.</param>
/// <param name="gracePeriod">How long a namespace must be without OCM: a list from a stale replica is corrected within that time.</param>
/// <param name="time">Clock.</param>
/// <param name="logger">Log.</param>
internal sealed partial class OrphanSweep(
    Identity identity,
    IKubernetesApi platform,
    PlatformWatch watch,
    Func<bool> areOcmsSynced,
    Predicate<OrphanedTenant> hasOcm,
    TimeSpan gracePeriod,
    TimeProvider time,
    ILogger<OrphanSweep> logger)
{
    private const ReconcileReasons ManagedObjectChanged = ReconcileReasons.HelmReleaseChanged | ReconcileReasons.OciRepositoryChanged
        | ReconcileReasons.AccessRequestChanged | ReconcileReasons.SecretChanged;

    private static readonly TimeSpan DebounceDelay = TimeSpan.FromSeconds(1);

    private readonly Signal _signal = new();

    // Tenant namespaces, and since when they are candidates.
    private readonly ConcurrentDictionary<string, long> _candidates = new(StringComparer.Ordinal);
    private volatile IReadOnlyDictionary<string, OrphanedTenant> _orphans = new Dictionary<string, OrphanedTenant>(StringComparer.Ordinal);

    /// <summary>The number of orphaned objects of each kind.</summary>
    public IEnumerable<(string Kind, int Count)> Counts
    {
        get
        {
            var counts = _orphans.Values.SelectMany(tenant => tenant.Objects).CountBy(each => each.Kind).ToDictionary();
            return OrphanFinder.Kinds.Select(kind => (kind.Kind, counts.GetValueOrDefault(kind)));
        }
    }

    /// <summary>The number of tenant namespaces that are or may become orphaned.</summary>
    public int CandidateCount => _candidates.Count;

    /// <summary>A tenant namespace has no OCM, and may have managed objects.</summary>
    public void Consider(string tenantNamespace)
    {
        _candidates.TryAdd(tenantNamespace, time.GetTimestamp());
        Signal();
    }

    /// <summary>Something changed in a tenant namespace without OCM.</summary>
    public void Consider(string tenantNamespace, ReconcileReasons reason)
    {
        if ((reason & ManagedObjectChanged) != ReconcileReasons.None)
        {
            Consider(tenantNamespace);
        }
    }

    /// <summary>Something changed that decides whether candidates are orphans.</summary>
    public void Recheck()
    {
        if (!_candidates.IsEmpty)
        {
            Signal();
        }
    }

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var due = time.CreateTimer(_ => Signal(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        try
        {
            await foreach (var _ in _signal.AllAsync(cancellationToken))
            {
                await Task.Delay(DebounceDelay, time, cancellationToken);
                await SweepAsync(due, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    private void Signal() => _signal.Set();

    private async Task SweepAsync(ITimer due, CancellationToken cancellationToken)
    {
        try
        {
            if (!areOcmsSynced() || !watch.IsManagedSynced)
            {
                return;
            }

            var before = _orphans;
            var (orphans, next) = Check();
            _orphans = orphans;
            due.Change(next, Timeout.InfiniteTimeSpan);
            foreach (var tenant in orphans.Values.Where(tenant => !before.ContainsKey(tenant.Namespace)))
            {
                await ReportAsync(tenant, cancellationToken);
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            LogUnexpected(exception);
        }
    }

    private (IReadOnlyDictionary<string, OrphanedTenant> Orphans, TimeSpan Next) Check()
    {
        var orphans = new Dictionary<string, OrphanedTenant>(StringComparer.Ordinal);
        var next = Timeout.InfiniteTimeSpan;
        foreach (var (ns, since) in _candidates)
        {
            // Removed before it is checked, so that no later event is missed.
            _candidates.TryRemove(ns, out _);
            if (OrphanFinder.Orphan(identity, ns, watch.ManagedIn(ns)) is not { } tenant || hasOcm(tenant))
            {
                continue;
            }

            _candidates[ns] = since;
            var left = gracePeriod - time.GetElapsedTime(since);
            if (left <= TimeSpan.Zero)
            {
                orphans[ns] = tenant;
            }
            else if (next == Timeout.InfiniteTimeSpan || left < next)
            {
                next = left;
            }
        }

        return (orphans, next);
    }

    private async Task ReportAsync(OrphanedTenant tenant, CancellationToken cancellationToken)
    {
        LogOrphans(tenant.Message);
        if (watch.Namespaces.Store.Get(ObjectKey.ClusterScoped(tenant.Namespace)) is not { IsBeingDeleted: false } ns)
        {
            return;
        }

        await platform.CreateEventOnceAsync(OrphanEvent.Of(identity, tenant, ns, time.GetUtcNow()), logger, cancellationToken);
    }

    [LoggerMessage(LogLevel.Warning, "Orphaned objects: {Message}")]
    private partial void LogOrphans(string message);

    [LoggerMessage(LogLevel.Error, "Unexpected error while checking for orphaned objects")]
    private partial void LogUnexpected(Exception exception);
}

using Microsoft.Extensions.Logging;
using ServiceProviderOcm.Core.Apply;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Kubeconfig;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Telemetry;
using ServiceProviderOcm.Core.Kubernetes.Timing;
using ServiceProviderOcm.Core.Kubernetes.WorkQueue;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Naming;
using ServiceProviderOcm.Core.Observe;
using ServiceProviderOcm.Core.Report;
using ServiceProviderOcm.Core.Rollout;
using ServiceProviderOcm.Core.Watch;

namespace ServiceProviderOcm.Core.Controller;

/// <summary>
/// The whole controller: informers enqueue the keys of OCMs, workers take them from the queue to the reconciler.
/// </summary>
public sealed partial class OcmController : IDisposable
{
    private readonly ControllerOptions _options;
    private readonly PendingTimers _time;
    private readonly ControllerMetrics _metrics;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _watching = new();
    private readonly Tenants _tenants;
    private readonly SurplusReport _surplus;
    private readonly ChangePace _pace;
    private readonly RateLimitingQueue<ReconcileReasons> _queue;
    private readonly ControlPlaneTurns _turns;
    private readonly Informer _ocms;
    private readonly PlatformWatch _platform;
    private readonly ReconcileWorkers _workers;
    private readonly OrphanSweep _orphans;
    private readonly CopyAdoption _adoption;
    private readonly SourceWarnings _warnings;
    private readonly FleetReapply _reapply = new();
    private readonly FleetRevisions _revisions;
    private readonly ProviderConfigStatus _providerConfigStatus;

    /// <summary>A controller that does nothing until it is run.</summary>
    /// <param name="identity">The identity of the provider.</param>
    /// <param name="platform">The platform cluster.</param>
    /// <param name="onboarding">The onboarding cluster.</param>
    /// <param name="connector">Connects to the tenants' control planes.</param>
    /// <param name="options">Options.</param>
    /// <param name="time">Clock.</param>
    /// <param name="metrics">Instruments.</param>
    /// <param name="loggers">Logs.</param>
    public OcmController(
        Identity identity,
        IKubernetesApi platform,
        IKubernetesApi onboarding,
        KubeconfigConnector connector,
        ControllerOptions options,
        TimeProvider time,
        ControllerMetrics metrics,
        ILoggerFactory loggers)
    {
        _options = options;
        var random = Random.Shared;
        _time = new PendingTimers(time);
        time = _time;
        _metrics = metrics;
        _logger = loggers.CreateLogger<OcmController>();
        _tenants = new Tenants(options.MaxOcmsPerNamespace, ns => _ocms!.Surplus.In(ns));
        _pace = new ChangePace(options, time);
        _queue = new RateLimitingQueue<ReconcileReasons>(
            (one, other) => one | other, options.Queue, time, random, metrics.Queue, Priorities.Of);
        var informers = new InformerFactory(options.Informers, time, random, loggers.CreateLogger<Informer>(), metrics.Informers);
        _ocms = informers.With(options.OcmLimits).Create(onboarding, identity.Api.Ocm, WatchScope.Everything, OnOcm, OnOcmsState);
        _surplus = new SurplusReport(
            identity, onboarding, _ocms, options.OcmLimits, _tenants, metrics.Limits, time, loggers.CreateLogger<SurplusReport>());
        _ocms.OnSurplus = _ => _surplus.Signal();
        _warnings = new SourceWarnings(identity, loggers.CreateLogger<SourceWarnings>());
        _platform = new PlatformWatch(platform, identity, informers, OnTenant, OnCommonChange, OnProviderConfig, _watching.Token);
        _revisions = new FleetRevisions(
            identity, platform, _platform, _tenants, _ocms, Enqueue, () => _providerConfigStatus!.Signal(), time, loggers);
        var onControlPlanes = new UseCount();
        var controlPlanes = new ControlPlanes(
            connector,
            platform,
            identity.Api,
            informers.With(onControlPlanes),
            options.ControlPlaneLimits,
            new SharedMemory(options.ControlPlaneTotalBytes, "control planes", options.ControlPlaneBudget.FlagPrefix),
            ocm => EnqueueChange(ocm, ReconcileReasons.ControlPlaneChanged),
            new ReadBudget(options.ControlPlaneBudget, time),
            _watching.Token);
        var executor = new PlanExecutor((ocm, step) => step.Cluster switch
        {
            TargetCluster.Onboarding => new StepTarget(onboarding, _ocms.Store),
            TargetCluster.Platform => new StepTarget(platform, _platform.StoreOf(step.Kind)),
            TargetCluster.ControlPlane when controlPlanes.Of(ocm) is { } watch => new StepTarget(watch.Api, watch.StoreOf(step)),
            TargetCluster.ControlPlane => throw new KubernetesApiException(0, "NotConnected", "the control plane is not connected"),
            _ => throw new InvalidOperationException($"no cluster to {step.Description} on"),
        });
        _turns = new ControlPlaneTurns(
            executor,
            options.ControlPlanes,
            options.Queue with { RetryBurst = int.MaxValue },
            time,
            random,
            metrics.ControlPlaneQueue,
            ocm => Enqueue(ocm, ReconcileReasons.ControlPlaneApplied),
            loggers.CreateLogger<ControlPlaneTurns>());
        var operations = new RateLimits<ObjectKey>(options.OperationBurst, 1 / options.OperationInterval.TotalSeconds, time);
        var reports = new ReportPace(options.KeptOcmsPerNamespace, time);
        var reporter = new Reporter(onboarding, identity, _ocms.Store, reports, time, loggers.CreateLogger<Reporter>());
        var waits = new Waits();
        var observer = new Observer(identity, _ocms, _platform, controlPlanes, () => executor.ServerDefaults, time);
        var reconciler = new OcmReconciler(
            observer,
            _revisions.Of(observer),
            executor,
            reporter,
            controlPlanes,
            _turns,
            _tenants,
            operations,
            _reapply,
            () => _providerConfigStatus!.Signal(), waits, options.WaitTimeout, metrics.Limits,
            loggers.CreateLogger<OcmReconciler>());
        _workers = new ReconcileWorkers(reconciler, _queue, _ocms, metrics.Reconciles, time, random, _logger);
        _orphans = new OrphanSweep(
            identity, platform, _platform, () => !_platform.Config.IsPaused && _ocms.State.IsSynced,
            new KnownOcms(_tenants, _ocms).HasOcm, options.OrphanGracePeriod, time, loggers.CreateLogger<OrphanSweep>());
        _adoption = new CopyAdoption(
            identity, platform, _tenants.Of,
            () => _ocms.State.IsSynced && _platform.ProviderConfigs.State.IsSynced && !_platform.Config.IsPaused,
            ocm => _ocms.Store.Get(ocm) is { } found && Operation.IsIgnore(found),
            time, loggers.CreateLogger<CopyAdoption>());
        _providerConfigStatus = new ProviderConfigStatus(
            identity, platform, _platform, _ocms, _reapply, () => _revisions.Status, () => _revisions.StoreError, options.ApiGroupWarnings, time,
            loggers.CreateLogger<ProviderConfigStatus>());
        metrics.ObserveRollout(() => RolloutProgress.Of(_platform.Config, _revisions.Status, _revisions.StoreError));
        metrics.ObserveOrphans(() => _orphans.Counts);
        metrics.ObserveFleet(_ocms, () => _platform.Config, time);
        metrics.ObserveEntries(() =>
        [
            .. ControllerEntries.Of(
                _tenants, _queue.Entries, _turns, operations, _pace, reporter, reports, waits, controlPlanes, _orphans, _reapply, _revisions),
            ("informers", onControlPlanes.Count), ("connections", connector.Open.Count), ("timers", _time.Count),
        ]);
        metrics.ObserveInformers(() => Informers);
    }

    /// <summary>The informers of both clusters.</summary>
    public IReadOnlyList<Informer> Informers => [_ocms, .. _platform.Informers];

    /// <summary>Whether the workers make progress.</summary>
    public QueueHealth QueueHealth => _queue.Health;

    /// <summary>
    /// Runs until cancelled. Then nothing is enqueued any more, and keys in the queue are reconciled within
    /// <see cref="ControllerOptions.DrainTimeout"/>.
    /// </summary>
    /// <param name="cancellationToken">Stops gracefully.</param>
    /// <param name="abortToken">Stops immediately and cancels requests.</param>
    public async Task RunAsync(CancellationToken cancellationToken, CancellationToken abortToken = default)
    {
        _metrics.Reconciles.Starting(_options.Workers);
        _metrics.Queue.Starting();
        _metrics.ControlPlaneQueue.Starting();
        _metrics.Limits.Starting();
        using var asked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, abortToken);
        using var drained = new CancellationTokenSource(Timeout.InfiniteTimeSpan, _time);
        using var working = CancellationTokenSource.CreateLinkedTokenSource(abortToken, drained.Token);
        var watching = Task.WhenAll(
            _platform.RunAsync(),
            _ocms.RunAsync(_watching.Token),
            _orphans.RunAsync(_watching.Token),
            _surplus.RunAsync(_watching.Token),
            _providerConfigStatus.RunAsync(_watching.Token),
            _revisions.RunAsync(_watching.Token));
        var adopting = _adoption.RunAsync(_watching.Token);
        var workers = Task.WhenAll(_workers.RunAsync(_options.Workers, working.Token), _turns.RunAsync(working.Token));
        LogStarted(_options.Workers);

        using var stopping = asked.Token.Register(() =>
        {
            _queue.ShutDown();
            _turns.ShutDown();
            drained.CancelAfter(_options.DrainTimeout);
        });
        await workers;
        await _watching.CancelAsync();
        await watching;
        await adopting;
        LogStopped();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _watching.Cancel();
        _watching.Dispose();
        _revisions.Dispose();
        _turns.Dispose();
        _queue.Dispose();
    }

    private void OnOcmsState() => OnCommonChange(
        FollowOperation() ? ReconcileReasons.InformerChanged | ReconcileReasons.ProviderConfigChanged : ReconcileReasons.InformerChanged);

    private void OnProviderConfig()
    {
        if (FollowOperation())
        {
            OnCommonChange(ReconcileReasons.ProviderConfigChanged);
        }
        else
        {
            Signal();
        }
    }

    // Whether everything is to be applied again for all OCMs, and was not before.
    private bool FollowOperation() => _reapply.Follow(
        () => _platform.ProviderConfig is { } config && Operation.IsReconcile(config), () => _ocms.HasListed ? _tenants.All : null);

    private void OnOcm(InformerChange change)
    {
        _adoption.Signal();
        _providerConfigStatus.Signal();
        if (change.Key.Name.Length == 0)
        {
            // It cannot be read, not even its name.
            return;
        }

        // What the first list finds is no news: a user's change goes before it.
        var reason = change.Before is null && !_ocms.HasListed ? ReconcileReasons.InformerChanged : ReconcileReasons.OcmChanged;
        foreach (var other in change.After is { } ocm ? _tenants.Put(ocm) : _tenants.Remove(change.Key))
        {
            Enqueue(other, ReconcileReasons.LimitChanged);
        }

        if (change.After is null)
        {
            _orphans.Consider(PlatformNames.TenantNamespace(change.Key.Namespace, change.Key.Name));
        }
        else if (change.Before is null)
        {
            _orphans.Recheck();
        }

        var isGone = change.After is null && _ocms.FindUnreadable(change.Key) is null;
        if (isGone || reason != ReconcileReasons.OcmChanged)
        {
            Enqueue(change.Key, reason);
        }
        else
        {
            EnqueueChange(change.Key, reason, change.Bytes);
        }
    }

    private void OnTenant(string tenantNamespace, ReconcileReasons reason)
    {
        if (_tenants.Of(tenantNamespace) is { } ocm)
        {
            Enqueue(ocm, reason);
        }
        else
        {
            _orphans.Consider(tenantNamespace, reason);
            _revisions.Consider(reason);
        }
    }

    // Something changed that concerns all tenants.
    private void OnCommonChange(ReconcileReasons reason)
    {
        _orphans.Recheck();
        _warnings.Report(_platform);
        Signal();
        foreach (var ocm in _tenants.All.Union(_ocms.UnreadableObjects.Select(each => each.Key).Where(key => key.Name.Length > 0)))
        {
            Enqueue(ocm, reason);
        }
    }

    private void Signal()
    {
        _adoption.Signal();
        _revisions.Signal();
    }

    private void EnqueueChange(ObjectKey ocm, ReconcileReasons reason, int bytes = 0)
    {
        var delay = _pace.DelayOf(ocm, bytes);
        _revisions.Delay(ocm, delay);
        _queue.AddAfter(ocm, delay, reason, isLasting: true);
    }

    private void Enqueue(ObjectKey ocm, ReconcileReasons reason) => _queue.Add(ocm, reason);

    [LoggerMessage(LogLevel.Information, "Controller started with {Workers} workers")]
    private partial void LogStarted(int workers);

    [LoggerMessage(LogLevel.Information, "Controller stopped")]
    private partial void LogStopped();
}

using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using ServiceProviderOcm.Core.Apply;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Kubeconfig;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Telemetry;
using ServiceProviderOcm.Core.Kubernetes.WorkQueue;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Naming;
using ServiceProviderOcm.Core.Observe;
using ServiceProviderOcm.Core.Report;

namespace ServiceProviderOcm.Core.Controller;

/// <summary>
/// The whole controller: informers bring the keys of OCMs to a queue, workers take them from there to the reconciler.
/// </summary>
public sealed partial class OcmController : IDisposable
{
    private readonly ControllerOptions _options;
    private readonly Random _random;
    private readonly TimeProvider _time;
    private readonly ControllerMetrics _metrics;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _watching = new();
    private readonly ConcurrentDictionary<string, ObjectKey> _tenants = new(StringComparer.Ordinal);
    private readonly RateLimitingQueue _queue;
    private readonly Informer _ocms;
    private readonly PlatformWatch _platform;
    private readonly OcmReconciler _reconciler;

    /// <summary>A controller that does nothing until it is run.</summary>
    /// <param name="identity">Who we are.</param>
    /// <param name="platform">The platform cluster.</param>
    /// <param name="onboarding">The onboarding cluster.</param>
    /// <param name="connector">Leads to the tenants' control planes.</param>
    /// <param name="options">How to work.</param>
    /// <param name="time">Clock.</param>
    /// <param name="metrics">Shows how the controller does, from now on.</param>
    /// <param name="loggers">Logs.</param>
    public OcmController(
        Identity identity,
        IKubernetesApi platform,
        IKubernetesApi onboarding,
        ControlPlaneConnector connector,
        ControllerOptions options,
        TimeProvider time,
        ControllerMetrics metrics,
        ILoggerFactory loggers)
    {
        _options = options;
        _random = Random.Shared;
        _time = time;
        _metrics = metrics;
        _logger = loggers.CreateLogger<OcmController>();
        _queue = new RateLimitingQueue(options.Queue, time, _random, metrics.Queue);
        var informers = new InformerFactory(options.Informers, time, _random, loggers.CreateLogger<Informer>());
        _ocms = informers.Create(onboarding, identity.Api.Ocm, Selection.Everything, OnOcm, AddAll);
        _platform = new PlatformWatch(platform, identity, informers, OnTenant, AddAll, _watching.Token);
        var controlPlanes = new ControlPlanes(connector, platform, identity.Api, informers, _queue.Add, _watching.Token);
        var executor = new PlanExecutor((ocm, step) => step.Cluster switch
        {
            TargetCluster.Onboarding => new StepTarget(onboarding, _ocms.Store),
            TargetCluster.Platform => new StepTarget(platform, _platform.StoreOf(step.Kind)),
            TargetCluster.ControlPlane when controlPlanes.Of(ocm) is { } watch => new StepTarget(watch.Api, watch.StoreOf(step.Kind)),
            _ => throw new InvalidOperationException($"nobody looks where to {step.Description}"),
        });
        _reconciler = new OcmReconciler(
            new Observer(identity, _ocms, _platform, controlPlanes, () => executor.ServerDefaults, time),
            executor,
            new Reporter(onboarding, identity.Api, _ocms.Store, time, loggers.CreateLogger<Reporter>()),
            controlPlanes,
            loggers.CreateLogger<OcmReconciler>());
        metrics.ObserveInstances(Enum.GetNames<Phase>(), () => _ocms.Store.All.Select(ocm => ocm.Json.Text("status", "phase")));
        metrics.ObserveInformers(() => Informers.Select(informer => (
            informer.ClusterName, informer.Kind.Kind, informer.State is { HasSynced: true, IsServed: true, Failure: null })));
    }

    /// <summary>The informers whose stores all decisions rest on.</summary>
    public IReadOnlyList<Informer> Informers => [_ocms, .. _platform.Informers];

    /// <summary>Whether the work gets on.</summary>
    public QueueHealth QueueHealth => _queue.Health;

    /// <summary>
    /// Works until cancelled. Then nothing new is taken up, what waits in the queue is still worked on, within
    /// <see cref="ControllerOptions.DrainTimeout"/>.
    /// </summary>
    /// <param name="cancellationToken">Asks to stop.</param>
    /// <param name="abortToken">Ends all work at once, requests under way included.</param>
    public async Task RunAsync(CancellationToken cancellationToken, CancellationToken abortToken = default)
    {
        _metrics.Reconciles.Starting(_options.Workers);
        _metrics.Queue.Starting();
        using var asked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, abortToken);
        using var working = CancellationTokenSource.CreateLinkedTokenSource(abortToken);
        var following = Task.WhenAll(_platform.RunAsync(), _ocms.RunAsync(_watching.Token));
        var workers = Task.WhenAll(Enumerable.Range(0, _options.Workers).Select(_ => WorkAsync(working.Token)));
        LogStarted(_options.Workers);

        using var stopping = asked.Token.Register(() =>
        {
            _queue.ShutDown();
            working.CancelAfter(_options.DrainTimeout);
        });
        if (await Task.WhenAny(following, workers) == following && !asked.IsCancellationRequested)
        {
            await following;
        }

        await workers;
        await _watching.CancelAsync();
        await following;
        LogStopped();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _watching.Cancel();
        _watching.Dispose();
        _queue.Dispose();
    }

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (await _queue.TakeAsync(cancellationToken) is { } key)
            {
                await WorkOnAsync(key, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The time for draining is up.
        }
    }

    private async Task WorkOnAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        var reconcileId = Guid.CreateVersion7(_time.GetUtcNow());
        var started = _time.GetTimestamp();
        var outcome = ReconcileOutcome.Error;
        using var scope = _logger.BeginScope(new OcmScope(key, reconcileId));
        using var activity = ReconcileActivity.Start(key, reconcileId);
        _metrics.Reconciles.Began();
        try
        {
            var result = await _reconciler.ReconcileAsync(key, cancellationToken);
            outcome = Schedule(key, result);
            activity.Ended(outcome, result.Failure?.Message);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            LogBug(exception);
            outcome = ReconcileOutcome.Bug;
            activity.Ended(outcome, exception.Message);
            _queue.AddRateLimited(key);
        }
        finally
        {
            _metrics.Reconciles.Ended(outcome, _time.GetElapsedTime(started));
            _queue.Done(key);
        }
    }

    private ReconcileOutcome Schedule(ObjectKey key, ReconcileResult result)
    {
        if (result.ComeBackAfter is { } delay)
        {
            _queue.AddAfter(key, result.Failure?.RetryAfter > delay ? result.Failure.RetryAfter.Value : delay);
        }

        if (result.Failure is { } failure)
        {
            LogFailed(failure.Message);
            _queue.AddRateLimited(key, failure.RetryAfter ?? TimeSpan.Zero);
            return ReconcileOutcome.Error;
        }

        _queue.Forget(key);
        if (result.PollInterval is { } interval)
        {
            // Somewhat early and never late, so that OCMs that were looked at together drift apart.
            _queue.AddAfter(key, interval * (1 - (_random.NextDouble() / 4)));
        }

        return result is { ComeBackAfter: null, PollInterval: null } ? ReconcileOutcome.Success : ReconcileOutcome.RequeueAfter;
    }

    private void OnOcm(InformerChange change)
    {
        var tenant = PlatformNames.TenantNamespace(change.Key.Namespace, change.Key.Name);
        if (change.After is null)
        {
            _tenants.TryRemove(tenant, out _);
        }
        else
        {
            _tenants[tenant] = change.Key;
        }

        _queue.Add(change.Key);
    }

    private void OnTenant(string tenantNamespace)
    {
        if (_tenants.TryGetValue(tenantNamespace, out var ocm))
        {
            _queue.Add(ocm);
        }
    }

    private void AddAll()
    {
        foreach (var ocm in _tenants.Values)
        {
            _queue.Add(ocm);
        }
    }

    [LoggerMessage(LogLevel.Information, "Controller started with {Workers} workers")]
    private partial void LogStarted(int workers);

    [LoggerMessage(LogLevel.Information, "Controller stopped")]
    private partial void LogStopped();

    [LoggerMessage(LogLevel.Warning, "Failed, trying again: {Message}")]
    private partial void LogFailed(string message);

    [LoggerMessage(LogLevel.Error, "An unexpected error; trying again")]
    private partial void LogBug(Exception exception);
}

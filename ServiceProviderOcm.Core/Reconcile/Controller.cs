using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using ServiceProviderOcm.Core.Apply;
using ServiceProviderOcm.Core.Client;
using ServiceProviderOcm.Core.Naming;
using ServiceProviderOcm.Core.Objects;
using ServiceProviderOcm.Core.Observe;
using ServiceProviderOcm.Core.Planning;
using ServiceProviderOcm.Core.Queue;
using ServiceProviderOcm.Core.Report;
using ServiceProviderOcm.Core.Watch;

namespace ServiceProviderOcm.Core.Reconcile;

/// <summary>
/// The whole controller: informers bring the keys of OCMs to a queue, workers take them from there to the reconciler.
/// </summary>
public sealed partial class Controller : IDisposable
{
    private readonly ControllerOptions _options;
    private readonly Random _random;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _watching = new();
    private readonly ConcurrentDictionary<string, ObjectKey> _tenants = new(StringComparer.Ordinal);
    private readonly WorkQueue _queue;
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
    /// <param name="loggers">Logs.</param>
    public Controller(
        Identity identity,
        IKubernetesApi platform,
        IKubernetesApi onboarding,
        ControlPlaneConnector connector,
        ControllerOptions options,
        TimeProvider time,
        ILoggerFactory loggers)
    {
        _options = options;
        _random = Random.Shared;
        _logger = loggers.CreateLogger<Controller>();
        _queue = new WorkQueue(options.Queue, time, _random);
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
    }

    /// <summary>
    /// Works until cancelled. Then nothing new is taken up, what waits in the queue is still worked on, within
    /// <see cref="ControllerOptions.DrainTimeout"/>.
    /// </summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var working = new CancellationTokenSource();
        var following = Task.WhenAll(_platform.RunAsync(), _ocms.RunAsync(_watching.Token));
        var workers = Task.WhenAll(Enumerable.Range(0, _options.Workers).Select(_ => WorkAsync(working.Token)));
        LogStarted(_options.Workers);

        using var stopping = cancellationToken.Register(() =>
        {
            _queue.ShutDown();
            working.CancelAfter(_options.DrainTimeout);
        });
        if (await Task.WhenAny(following, workers) == following && !cancellationToken.IsCancellationRequested)
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
        try
        {
            var result = await _reconciler.ReconcileAsync(key, cancellationToken);
            Schedule(key, result);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            LogBug(exception, key);
            _queue.AddRateLimited(key);
        }
        finally
        {
            _queue.Done(key);
        }
    }

    private void Schedule(ObjectKey key, ReconcileResult result)
    {
        if (result.ComeBackAfter is { } delay)
        {
            _queue.AddAfter(key, result.Failure?.RetryAfter > delay ? result.Failure.RetryAfter.Value : delay);
        }

        if (result.Failure is { } failure)
        {
            LogFailed(key, failure.Message);
            _queue.AddRateLimited(key, failure.RetryAfter ?? TimeSpan.Zero);
            return;
        }

        _queue.Forget(key);
        if (result.PollInterval is { } interval)
        {
            // Somewhat early and never late, so that OCMs that were looked at together drift apart.
            _queue.AddAfter(key, interval * (1 - (_random.NextDouble() / 4)));
        }
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

    [LoggerMessage(LogLevel.Warning, "OCM {Ocm}: {Message}; trying again")]
    private partial void LogFailed(ObjectKey ocm, string message);

    [LoggerMessage(LogLevel.Error, "OCM {Ocm}: an unexpected error; trying again")]
    private partial void LogBug(Exception exception, ObjectKey ocm);
}

using Microsoft.Extensions.Logging;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Telemetry;
using ServiceProviderOcm.Core.Kubernetes.Timing;

namespace ServiceProviderOcm.Core.Kubernetes.Informers;

/// <summary>Creates informers that share options, clock, jitter, log and metrics.</summary>
public sealed class InformerFactory(
    InformerOptions options,
    TimeProvider time,
    Random random,
    ILogger logger,
    InformerMetrics? metrics = null,
    MemoryAccount? memory = null,
    UseCount? running = null)
{
    /// <summary>The clock of the informers.</summary>
    internal TimeProvider Time => time;

    /// <summary>The back-off of the informers.</summary>
    internal Backoff Backoff => new(options.BaseDelay, options.MaxDelay, random);

    /// <summary>The log of the informers.</summary>
    internal ILogger Logger => logger;

    /// <summary>The same, for informers that serve one object: their log lines carry its namespace and name.</summary>
    public InformerFactory For(ObjectKey key) =>
        new(options, time, random, new ScopedLogger(logger, new ObjectScope(key)), metrics, memory, running);

    /// <summary>The same, with other limits.</summary>
    public InformerFactory With(InformerLimits limits) =>
        new(options with { Limits = limits }, time, random, logger, metrics, memory, running);

    /// <summary>The same, for informers that are counted while they run.</summary>
    public InformerFactory With(UseCount count) => new(options, time, random, logger, metrics, memory, count);

    /// <summary>The same, for informers that share a limit on memory with others.</summary>
    public InformerFactory Within(MemoryAccount account) => new(options, time, random, logger, metrics, account, running);

    /// <summary>The same, for kinds that others define: in metrics, all have one name.</summary>
    public InformerFactory OfKindsNamed(string name) => new(options, time, random, logger, metrics?.Of(name), memory, running);

    /// <summary>An informer that does nothing until it is run.</summary>
    public Informer Create(
        IKubernetesApi api, ResourceKind kind, WatchScope scope, Action<InformerChange> onChange, Action onState) =>
        Create(api, kind, scope, onChange, onState, watchGate: null);

    /// <summary>An informer that lists already, and watches once a task completes.</summary>
    public RunningInformer Start(
        IKubernetesApi api,
        ResourceKind kind,
        WatchScope scope,
        Action<InformerChange> onChange,
        Action onState,
        Task watchGate,
        CancellationToken cancellationToken) =>
        new(Create(api, kind, scope, onChange, onState, watchGate), RunAsync, cancellationToken);

    /// <summary>An informer that runs already.</summary>
    public RunningInformer Start(
        IKubernetesApi api,
        ResourceKind kind,
        WatchScope scope,
        Action<InformerChange> onChange,
        Action onState,
        CancellationToken cancellationToken) =>
        new(Create(api, kind, scope, onChange, onState), RunAsync, cancellationToken);

    /// <summary>Runs an informer until cancelled.</summary>
    public async Task RunAsync(Informer informer, CancellationToken cancellationToken)
    {
        running?.Began();
        try
        {
            await informer.RunAsync(cancellationToken);
        }
        finally
        {
            running?.Ended();
        }
    }

    private Informer Create(
        IKubernetesApi api, ResourceKind kind, WatchScope scope, Action<InformerChange> onChange, Action onState, Task? watchGate)
    {
        metrics?.Starting(api.ClusterName, kind.Kind);
        return new(api, kind, scope, options, onChange, onState, time, random, logger, metrics, memory, watchGate);
    }
}

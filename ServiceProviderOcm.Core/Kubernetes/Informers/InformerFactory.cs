using Microsoft.Extensions.Logging;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Telemetry;

namespace ServiceProviderOcm.Core.Kubernetes.Informers;

/// <summary>Creates informers that share options, clock, jitter, log and metrics.</summary>
public sealed class InformerFactory(
    InformerOptions options, TimeProvider time, Random random, ILogger logger, InformerMetrics? metrics = null, UseCount? running = null)
{
    /// <summary>The same, for informers that serve one object: their log lines carry its namespace and name.</summary>
    public InformerFactory For(ObjectKey key) =>
        new(options, time, random, new ScopedLogger(logger, new ObjectScope(key)), metrics, running);

    /// <summary>The same, with other limits, and a count of its own of the informers that run.</summary>
    public InformerFactory With(InformerLimits limits, UseCount count) =>
        new(options with { Limits = limits }, time, random, logger, metrics, count);

    /// <summary>An informer that does nothing until it is run.</summary>
    public Informer Create(
        IKubernetesApi api, ResourceKind kind, WatchScope scope, Action<InformerChange> onChange, Action onState) =>
        new(api, kind, scope, options, onChange, onState, time, random, logger, metrics, running);

    /// <summary>An informer that runs already.</summary>
    public RunningInformer Start(
        IKubernetesApi api,
        ResourceKind kind,
        WatchScope scope,
        Action<InformerChange> onChange,
        Action onState,
        CancellationToken cancellationToken) =>
        new(Create(api, kind, scope, onChange, onState), cancellationToken);
}

using Microsoft.Extensions.Logging;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Telemetry;

namespace ServiceProviderOcm.Core.Kubernetes.Informers;

/// <summary>Makes informers that share pace, clock, jitter and log.</summary>
public sealed class InformerFactory(InformerOptions options, TimeProvider time, Random random, ILogger logger)
{
    /// <summary>The same, for what is followed on behalf of one OCM: the lines of the log bear it.</summary>
    public InformerFactory For(ObjectKey ocm) => new(options, time, random, new ScopedLogger(logger, new OcmScope(ocm)));

    /// <summary>An informer that does nothing until it is run.</summary>
    public Informer Create(
        IKubernetesApi api, ResourceKind kind, Selection selection, Action<InformerChange> onChange, Action onState) =>
        new(api, kind, selection, options, onChange, onState, time, random, logger);

    /// <summary>An informer that follows its cluster already.</summary>
    public RunningInformer Start(
        IKubernetesApi api,
        ResourceKind kind,
        Selection selection,
        Action<InformerChange> onChange,
        Action onState,
        CancellationToken cancellationToken) =>
        new(Create(api, kind, selection, onChange, onState), cancellationToken);
}

using Microsoft.Extensions.Logging;
using ServiceProviderOcm.Core.Client;
using ServiceProviderOcm.Core.Objects;

namespace ServiceProviderOcm.Core.Watch;

/// <summary>Makes informers that share pace, clock, jitter and log.</summary>
public sealed class InformerFactory(InformerOptions options, TimeProvider time, Random random, ILogger<Informer> logger)
{
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

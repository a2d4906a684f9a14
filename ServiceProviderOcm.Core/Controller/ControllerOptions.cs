using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.WorkQueue;

namespace ServiceProviderOcm.Core.Controller;

/// <summary>How the controller works; not what it does.</summary>
public sealed record ControllerOptions
{
    /// <summary>How many OCMs are worked on at once.</summary>
    public int Workers { get; init; } = 10;

    /// <summary>How long work under way may go on after the controller has been asked to stop.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How failing OCMs are held back.</summary>
    public WorkQueueOptions Queue { get; init; } = new();

    /// <summary>How informers pace themselves.</summary>
    public InformerOptions Informers { get; init; } = new();
}

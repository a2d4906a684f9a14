namespace ServiceProviderOcm.Core.Kubernetes.Informers;

/// <summary>How an informer paces itself.</summary>
public sealed record InformerOptions
{
    /// <summary>Objects per page of a list.</summary>
    public int PageSize { get; init; } = 500;

    /// <summary>The shortest time after which a watch is renewed; up to twice as long is drawn at random.</summary>
    public TimeSpan WatchTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The pause after a first failure; each further one doubles it.</summary>
    public TimeSpan BaseDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest pause between attempts.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long an informer that has once synced may fail before it says so: API servers restart and connections break
    /// all the time, without anybody needing to know.
    /// </summary>
    public TimeSpan FailureGrace { get; init; } = TimeSpan.FromSeconds(5);
}

namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>How a client writes, and how patient it is.</summary>
public sealed record KubernetesApiOptions
{
    /// <summary>For tenants' control planes: one of them that hangs must not keep a worker from other tenants for long.</summary>
    public static readonly KubernetesApiOptions OfControlPlane = new() { RequestTimeout = TimeSpan.FromSeconds(10) };

    /// <summary>For commands that somebody waits for: what does not answer soon is told as it is.</summary>
    public static readonly KubernetesApiOptions OfCommand = new() { RequestTimeout = TimeSpan.FromSeconds(10), MaxRetries = 0 };

    /// <summary>The name under which writes are recorded in an object's <c>managedFields</c>.</summary>
    public string FieldManager { get; init; } = Client.FieldManager.Name;

    /// <summary>How long one attempt of a request may take; watches are exempt.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a request is repeated where that is safe.</summary>
    public int MaxRetries { get; init; } = 2;

    /// <summary>The pause before the first repetition; it doubles from there, with jitter.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// The longest <c>Retry-After</c> that is waited out on the spot. A longer one is handed to the caller, so that it
    /// does not keep a worker from other tenants.
    /// </summary>
    public TimeSpan LongestRetryAfter { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// A watch that has brought nothing for this long is taken for dead. API servers send a bookmark about once a minute.
    /// </summary>
    public TimeSpan WatchSilence { get; init; } = TimeSpan.FromSeconds(150);

    /// <summary>
    /// Asked right before each attempt of a write, repetitions included; where it says no, the write is refused with 412 and not
    /// sent. Null where writes are always allowed.
    /// </summary>
    public Func<bool>? MayWrite { get; init; }
}

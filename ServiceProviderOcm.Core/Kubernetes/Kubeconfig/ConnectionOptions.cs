namespace ServiceProviderOcm.Core.Kubernetes.Kubeconfig;

/// <summary>How to find a cluster, and what to put around the requests to it.</summary>
public sealed record ConnectionOptions
{
    /// <summary>A kubeconfig to use before all other places; null or empty to look there.</summary>
    public string? KubeconfigPath { get; init; }

    /// <summary>The context to use, or null for the kubeconfig's own choice.</summary>
    public string? Context { get; init; }

    /// <summary>Makes handlers for each new connection, such as for metrics. The first one is outermost.</summary>
    public IReadOnlyList<Func<DelegatingHandler>> Handlers { get; init; } = [];

    /// <summary>Reads an environment variable; null where it is not set.</summary>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    /// <summary>Where a pod finds its service account.</summary>
    public string ServiceAccountDirectory { get; init; } = "/var/run/secrets/kubernetes.io/serviceaccount";
}

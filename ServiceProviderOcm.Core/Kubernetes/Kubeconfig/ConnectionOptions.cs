using ServiceProviderOcm.Core.Kubernetes.Telemetry;

namespace ServiceProviderOcm.Core.Kubernetes.Kubeconfig;

/// <summary>How to find a cluster, and how to send requests to it.</summary>
public sealed record ConnectionOptions
{
    /// <summary>The path of a kubeconfig, which takes precedence over all other sources; null or empty to use those.</summary>
    public string? KubeconfigPath { get; init; }

    /// <summary>The context to use, or null for the kubeconfig's own choice.</summary>
    public string? Context { get; init; }

    /// <summary>The <c>User-Agent</c> of requests; null for the client library's.</summary>
    public string? UserAgent { get; init; }

    /// <summary>Makes handlers for each new connection, such as for metrics. The first one is outermost.</summary>
    public IReadOnlyList<Func<DelegatingHandler>> Handlers { get; init; } = [];

    /// <summary>Counts the connections that are open; null if they are not counted.</summary>
    public UseCount? Open { get; init; }

    /// <summary>Knows when the credentials of open connections expire; null if nobody asks.</summary>
    public CredentialExpirations? Expirations { get; init; }

    /// <summary>Reads an environment variable; null where it is not set.</summary>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    /// <summary>Where a pod finds its service account.</summary>
    public string ServiceAccountDirectory { get; init; } = "/var/run/secrets/kubernetes.io/serviceaccount";
}

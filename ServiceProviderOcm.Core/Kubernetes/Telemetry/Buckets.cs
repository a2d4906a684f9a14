namespace ServiceProviderOcm.Core.Kubernetes.Telemetry;

/// <summary>Upper bounds of histograms in seconds, as the Go libraries have them, so that quantiles on dashboards are the same.</summary>
internal static class Buckets
{
    /// <summary>controller-runtime's, for reconciliations.</summary>
    public static readonly IReadOnlyList<double> Reconcile =
    [
        0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8, 0.9, 1,
        1.25, 1.5, 1.75, 2, 2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 8, 9, 10, 15, 20, 25, 30, 40, 50, 60,
    ];

    /// <summary>client-go's, for the queue: twelve powers of ten.</summary>
    public static readonly IReadOnlyList<double> WorkQueue = [1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1, 10, 100, 1000];

    /// <summary>Those of Kubernetes' own components, for requests.</summary>
    public static readonly IReadOnlyList<double> Request = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60];
}

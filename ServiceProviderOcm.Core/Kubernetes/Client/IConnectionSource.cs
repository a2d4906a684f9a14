namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>The connection to one cluster, with its current credentials.</summary>
public interface IConnectionSource
{
    /// <summary>What is charged for all that is read from the cluster; null: nothing.</summary>
    ReadShare? Share => null;

    /// <summary>The connection to use for the next request. Called for each request, so it must be cheap without a change.</summary>
    /// <exception cref="KubeconfigException">There is no usable kubeconfig; the message says why and what to do.</exception>
    ValueTask<ClusterConnection> GetAsync(CancellationToken cancellationToken);
}

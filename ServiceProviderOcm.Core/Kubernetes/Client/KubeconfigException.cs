namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>A kubeconfig cannot be used. The message names the file or Secret, the field and the fix, but no credentials.</summary>
public sealed class KubeconfigException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The name in metrics of the limit that it exceeds; null if it exceeds none.</summary>
    public string? Limit { get; init; }
}

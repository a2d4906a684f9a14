namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>A kubeconfig cannot be used. The message names the file or Secret, the field and the fix, but no credentials.</summary>
public sealed class KubeconfigException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Whether it exceeds a limit.</summary>
    public bool IsOverLimit { get; init; }
}

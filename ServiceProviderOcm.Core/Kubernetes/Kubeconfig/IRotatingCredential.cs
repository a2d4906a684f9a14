using k8s.Authentication;

namespace ServiceProviderOcm.Core.Kubernetes.Kubeconfig;

/// <summary>A credential that is renewed while a connection lives on.</summary>
internal interface IRotatingCredential : ITokenProvider
{
    /// <summary>The next request obtains a new one, unless that has happened since this token was used.</summary>
    void InvalidateRejected(string? token);
}

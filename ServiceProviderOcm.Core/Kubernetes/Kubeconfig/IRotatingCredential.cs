using k8s.Authentication;

namespace ServiceProviderOcm.Core.Kubernetes.Kubeconfig;

/// <summary>A credential that is renewed while a connection lives on.</summary>
internal interface IRotatingCredential : ITokenProvider
{
    /// <summary>Obtains it anew for the next request.</summary>
    void Forget();

    /// <summary>Obtains it anew unless that has happened since this token was in use.</summary>
    void ForgetRejected(string? token);
}

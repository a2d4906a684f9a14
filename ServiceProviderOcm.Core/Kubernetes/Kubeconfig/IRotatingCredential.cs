using System.Net.Http.Headers;

namespace ServiceProviderOcm.Core.Kubernetes.Kubeconfig;

/// <summary>A credential that is renewed while a connection lives on.</summary>
internal interface IRotatingCredential
{
    /// <summary>The <c>Authorization</c> header of the next request; null: it has none.</summary>
    Task<AuthenticationHeaderValue?> GetAuthenticationHeaderAsync(CancellationToken cancellationToken);

    /// <summary>The next request obtains a new one.</summary>
    void Invalidate();

    /// <summary>The next request obtains a new one, unless that has happened since this token was used.</summary>
    void InvalidateRejected(string? token);
}

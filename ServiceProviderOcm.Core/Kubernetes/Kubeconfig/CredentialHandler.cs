using System.Net;

namespace ServiceProviderOcm.Core.Kubernetes.Kubeconfig;

/// <summary>
/// Sends requests with a rotating credential, and invalidates one that the server no longer accepts, so that the next request uses a new
/// one.
/// </summary>
internal sealed class CredentialHandler(IRotatingCredential credential, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var authorization = await credential.GetAuthenticationHeaderAsync(cancellationToken);
        request.Headers.Authorization = authorization;
        var response = await base.SendAsync(request, cancellationToken);
        if (response.StatusCode == HttpStatusCode.Unauthorized)
        {
            credential.InvalidateRejected(authorization?.Parameter);
        }

        return response;
    }
}

using System.Net;

namespace ServiceProviderOcm.Core.Kubernetes.Kubeconfig;

/// <summary>Invalidates a credential that the server no longer accepts, so that the next request uses a new one.</summary>
internal sealed class RejectedCredentialHandler(IRotatingCredential credential) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        if (response.StatusCode == HttpStatusCode.Unauthorized)
        {
            credential.InvalidateRejected(request.Headers.Authorization?.Parameter);
        }

        return response;
    }
}

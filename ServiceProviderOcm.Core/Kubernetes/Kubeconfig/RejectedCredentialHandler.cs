using System.Net;

namespace ServiceProviderOcm.Core.Kubernetes.Kubeconfig;

/// <summary>Lets go of a credential that the server no longer accepts, so that the next request brings a new one.</summary>
internal sealed class RejectedCredentialHandler(IRotatingCredential credential) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        if (response.StatusCode == HttpStatusCode.Unauthorized)
        {
            credential.ForgetRejected(request.Headers.Authorization?.Parameter);
        }

        return response;
    }
}

namespace ServiceProviderOcm.Core.Kubernetes.Kubeconfig;

/// <summary>Says in each request whom it impersonates.</summary>
internal sealed class ImpersonationHandler(Impersonation impersonation) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        foreach (var (name, value) in impersonation.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return base.SendAsync(request, cancellationToken);
    }
}

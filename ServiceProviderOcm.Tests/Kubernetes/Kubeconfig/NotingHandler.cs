namespace ServiceProviderOcm.Tests.Kubernetes.Kubeconfig;

internal sealed class NotingHandler(string name, List<string> seen) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        seen.Add(name);
        return base.SendAsync(request, cancellationToken);
    }
}

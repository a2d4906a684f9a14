using System.Diagnostics.Metrics;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Client;

namespace ServiceProviderOcm.Sandbox.Clusters;

/// <summary>Instruments that nobody collects, lest the sandbox' own requests be counted as the controller's.</summary>
internal sealed class UnseenMeters : IMeterFactory
{
    /// <summary>Of the sandbox' requests.</summary>
    public static readonly RequestMetrics Requests = new ControllerMetrics(new UnseenMeters()).Requests;

    public Meter Create(MeterOptions options) => new("service-provider-ocm-sandbox");

    public void Dispose()
    {
    }
}

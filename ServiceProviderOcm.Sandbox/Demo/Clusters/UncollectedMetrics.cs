using System.Diagnostics.Metrics;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Client;

namespace ServiceProviderOcm.Sandbox.Demo.Clusters;

/// <summary>Instruments that are not exported, so that the requests of the sandbox do not count as those of the controller.</summary>
internal sealed class UncollectedMetrics : IMeterFactory
{
    /// <summary>The instruments for the requests of the sandbox.</summary>
    public static readonly RequestMetrics Requests = new ControllerMetrics(new UncollectedMetrics()).Requests;

    public Meter Create(MeterOptions options) => new("service-provider-ocm-sandbox");

    public void Dispose()
    {
    }
}

using System.Diagnostics.Metrics;
using ServiceProviderOcm.Core.Controller;

namespace ServiceProviderOcm.Tests.Support.Metrics;

/// <summary>Metrics that nobody collects. Their meter has another name, so that tests of exporters do not have those of all other tests.</summary>
public static class TestMetrics
{
    public static ControllerMetrics Create() => new(new Meters());

    private sealed class Meters : IMeterFactory
    {
        public Meter Create(MeterOptions options) => new($"{options.Name}-uncollected");

        public void Dispose()
        {
        }
    }
}

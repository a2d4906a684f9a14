using System.Diagnostics.Metrics;
using ServiceProviderOcm.Core.Controller;

namespace ServiceProviderOcm.Tests.Support.Metrics;

/// <summary>Metrics of their own for each test.</summary>
public static class TestMetrics
{
    public static ControllerMetrics Create() => new(new Meters());

    private sealed class Meters : IMeterFactory
    {
        public Meter Create(MeterOptions options) => new(options);

        public void Dispose()
        {
        }
    }
}

using System.Diagnostics.Metrics;
using ServiceProviderOcm.Core.Controller;

namespace ServiceProviderOcm.Tests.Support.Metrics;

/// <summary>Reads the metrics of one controller, while tests with other controllers run at the same time.</summary>
public sealed class MetricReader : IMeterFactory
{
    private readonly List<Meter> _meters = [];

    public MetricReader() => Metrics = new ControllerMetrics(this);

    public ControllerMetrics Metrics { get; }

    public Meter Create(MeterOptions options)
    {
        var meter = new Meter(options);
        _meters.Add(meter);
        return meter;
    }

    /// <summary>The value of a gauge for the value of its label; null if there is none.</summary>
    public int? Gauge(string name, string labelValue)
    {
        int? found = null;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (_meters.Contains(instrument.Meter) && instrument.Name == name)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<int>((_, value, tags, _) =>
        {
            if (tags.Length == 1 && tags[0].Value as string == labelValue)
            {
                found = value;
            }
        });
        listener.Start();
        listener.RecordObservableInstruments();
        return found;
    }

    public void Dispose() => _meters.ForEach(meter => meter.Dispose());
}

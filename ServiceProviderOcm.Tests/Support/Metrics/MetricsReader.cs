using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using ServiceProviderOcm.Core.Controller;

namespace ServiceProviderOcm.Tests.Support.Metrics;

/// <summary>Reads the metrics of one controller, whichever others run in the process.</summary>
public sealed class MetricsReader : IMeterFactory
{
    private readonly ConcurrentDictionary<(string Instrument, string Label), double> _values = new();
    private readonly MeterListener _listener = new();
    private Meter? _meter;

    public MetricsReader()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter == _meter)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => _values[Series(instrument, tags)] = value);
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => _values[Series(instrument, tags)] = value);
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
            _values.AddOrUpdate(Series(instrument, tags), value, (_, sum) => sum + value));
        _listener.Start();
        Metrics = new ControllerMetrics(this);
    }

    public ControllerMetrics Metrics { get; }

    /// <summary>The values of an instrument with one label, by its value.</summary>
    public IReadOnlyDictionary<string, double> Read(string instrument)
    {
        _listener.RecordObservableInstruments();
        return _values.Where(value => value.Key.Instrument == instrument)
            .ToDictionary(value => value.Key.Label, value => value.Value, StringComparer.Ordinal);
    }

    public Meter Create(MeterOptions options) => _meter = new Meter(options);

    public void Dispose()
    {
        _listener.Dispose();
        _meter?.Dispose();
    }

    private static (string Instrument, string Label) Series(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        (instrument.Name, tags.Length == 0 ? "" : $"{tags[0].Value}");
}

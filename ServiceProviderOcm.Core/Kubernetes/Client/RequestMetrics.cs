using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using ServiceProviderOcm.Core.Kubernetes.Telemetry;

namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary><c>rest_client_*</c>. A repeated request counts each time; a watch counts as one request.</summary>
public sealed class RequestMetrics
{
    // What client-go says where no answer came.
    private const string NoAnswer = "<error>";

    private readonly Counter<long> _total;
    private readonly Histogram<double> _duration;

    internal RequestMetrics(Meter meter, LimitMetrics limits)
    {
        Limits = limits;
        _total = meter.CreateCounter<long>(
            "rest_client_requests_total", description: "Total number of requests to API servers by status code, method and host.");
        _duration = meter.CreateHistogram(
            "rest_client_request_duration_seconds",
            "s",
            "Time until API servers start to respond, by verb and host.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = Buckets.Request });
    }

    /// <summary>Metrics of limits.</summary>
    internal LimitMetrics Limits { get; }

    /// <summary>A request was answered.</summary>
    /// <param name="method">The method.</param>
    /// <param name="host">The server; of few values.</param>
    /// <param name="code">The status code. Servers may invent some, which count by their class, such as <c>5xx</c>.</param>
    /// <param name="took">How long the answer took.</param>
    public void Answered(HttpMethod method, string host, HttpStatusCode code, TimeSpan took) => Record(
        method,
        host,
        Enum.IsDefined(code)
            ? ((int)code).ToString(CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{(int)code / 100}xx"),
        took);

    /// <summary>A request was not answered: the server was not reached, broke off, or took too long.</summary>
    public void Failed(HttpMethod method, string host, TimeSpan took) => Record(method, host, NoAnswer, took);

    private void Record(HttpMethod method, string host, string code, TimeSpan took)
    {
        KeyValuePair<string, object?> label = new("host", host);
        _total.Add(1, new("code", code), new("method", method.Method), label);
        _duration.Record(took.TotalSeconds, new("verb", method.Method), label);
    }
}

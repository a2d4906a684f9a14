using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Tests.Support.Metrics;
using ServiceProviderOcm.Worker.Telemetry;

namespace ServiceProviderOcm.Tests.Telemetry;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[NonParallelizable]
public sealed class OtlpTests
{
    private const string Metrics = "/v1/metrics";
    private const string Traces = "/v1/traces";

    private OtlpReceiver _receiver = null!;

    [SetUp]
    public async Task Start() => _receiver = await OtlpReceiver.StartAsync();

    [TearDown]
    public async Task Stop() => await _receiver.DisposeAsync();

    [Test]
    public async Task Metrics_and_traces_are_sent_to_the_endpoint_in_the_environment()
    {
        await WorkAsync(("OTEL_EXPORTER_OTLP_ENDPOINT", _receiver.Url));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(_receiver.Paths, Is.EquivalentTo(new[] { Metrics, Traces }));
            Assert.That(_receiver.Got(Metrics, "controller_runtime_reconcile_total"));
            Assert.That(_receiver.Got(Traces, "reconcile ocm"));
            Assert.That(_receiver.Got(Traces, "mcp-01"));
        }
    }

    [TestCase("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", Metrics)]
    [TestCase("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", Traces)]
    public async Task Metrics_or_traces_can_be_sent_alone(string variable, string path)
    {
        await WorkAsync((variable, _receiver.Url + path));

        Assert.That(_receiver.Paths, Is.EquivalentTo(new[] { path }));
    }

    [Test]
    public async Task Metrics_and_traces_can_have_different_endpoints()
    {
        await WorkAsync(
            ("OTEL_EXPORTER_OTLP_ENDPOINT", _receiver.Url), ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", $"{_receiver.Url}/elsewhere"));

        Assert.That(_receiver.Paths, Is.EquivalentTo(new[] { Metrics, "/elsewhere" }));
    }

    [Test]
    public async Task Metrics_and_traces_can_have_different_protocols()
    {
        await WorkAsync(
            ("OTEL_EXPORTER_OTLP_ENDPOINT", _receiver.Url),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"),
            ("OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", "http/protobuf"),
            ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "http/protobuf"),
            ("OTEL_EXPORTER_OTLP_HEADERS", "x-token=of-both"),
            ("OTEL_EXPORTER_OTLP_TRACES_HEADERS", "x-token=of-traces"),
            ("OTEL_EXPORTER_OTLP_TRACES_COMPRESSION", "gzip"),
            ("OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "5000"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(_receiver.Tokens(Metrics), Is.EqualTo(["of-both"]));
            Assert.That(_receiver.Tokens(Traces), Is.EqualTo(["of-traces"]));
            Assert.That(_receiver.Got(Metrics, "controller_runtime_reconcile_total"));
            Assert.That(_receiver.Got(Traces, "reconcile ocm"));
        }
    }

    [Test]
    public async Task A_signal_is_not_sent_to_an_endpoint_of_another_protocol()
    {
        await WorkAsync(("OTEL_EXPORTER_OTLP_ENDPOINT", _receiver.Url), ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "grpc"));

        Assert.That(_receiver.Paths, Is.EquivalentTo(new[] { Metrics }));
    }

    [Test]
    public async Task Without_an_endpoint_nothing_is_traced_or_sent()
    {
        Assert.That(await WorkAsync(), Is.False);
        Assert.That(_receiver.Paths, Is.Empty);
    }

    [Test]
    public async Task The_resource_has_service_name_version_and_the_attributes_of_the_environment()
    {
        var version = typeof(TelemetryRegistration).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!;

        await WorkAsync(("OTEL_EXPORTER_OTLP_ENDPOINT", _receiver.Url), ("OTEL_RESOURCE_ATTRIBUTES", "k8s.pod.name=ocm-0"));

        foreach (var text in (string[])["service-provider-ocm", "service.version", version.InformationalVersion, "ocm-0"])
        {
            Assert.That(_receiver.Got(Metrics, text) && _receiver.Got(Traces, text), text);
        }
    }

    [Test]
    public async Task The_service_name_can_be_configured()
    {
        await WorkAsync(("OTEL_EXPORTER_OTLP_ENDPOINT", _receiver.Url), ("OTEL_SERVICE_NAME", "our-ocm"));

        Assert.That(_receiver.Got(Metrics, "our-ocm") && _receiver.Got(Traces, "our-ocm"));
    }

    /// <summary>One reconciliation in a host with these variables; returns whether it was traced.</summary>
    private static async Task<bool> WorkAsync(params (string Name, string Value)[] environment)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")]);
        builder.Configuration.AddInMemoryCollection(
            environment.Select(variable => KeyValuePair.Create(variable.Name, (string?)variable.Value)));
        builder.Services.AddTelemetry(builder.Configuration);
        using var host = builder.Build();
        await host.StartAsync();
        var reconciles = host.Services.GetRequiredService<ControllerMetrics>().Reconciles;
        reconciles.Began(ReconcileReasons.OcmChanged);
        using var activity = ReconcileActivity.Start(
            new ObjectKey("ns", "mcp-01"), Guid.NewGuid(), ReconcileReasons.OcmChanged, TimeProvider.System.GetUtcNow(), TimeSpan.Zero);
        activity?.Stop();
        reconciles.Ended(ReconcileOutcome.Success, TimeSpan.FromSeconds(1));
        await host.StopAsync();
        return activity is not null;
    }
}

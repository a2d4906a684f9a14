using System.Net.Http.Headers;
using NUnit.Framework;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Support.Certificates;
using ServiceProviderOcm.Tests.Support.Connections;
using ServiceProviderOcm.Tests.Support.Files;
using ServiceProviderOcm.Tests.Support.Http;
using ServiceProviderOcm.Tests.Support.Metrics;
using ServiceProviderOcm.Tests.Worlds;
using ServiceProviderOcm.Worker.Endpoints;

namespace ServiceProviderOcm.Tests.Telemetry;

/// <summary>Trace headers in the requests of the built Worker.</summary>
[Category("Worker")]
public sealed class TraceHeaderTests
{
    private const string Header = "traceparent";

    [TestCase(false)]
    [TestCase(true)]
    public async Task Requests_to_API_servers_have_a_trace_header_only_if_tracing_is_enabled(bool isOn)
    {
        var pki = new TestPki();
        using var server = new TestServer(pki.Server());
        using var folder = new TestFolder();
        var kubeconfig = folder.Write(
            "platform", TestConnections.Config($"server: '{server.Url}', certificate-authority-data: {pki.Data}", "token: sesame"));
        await using var receiver = await OtlpReceiver.StartAsync();
        var environment = new Dictionary<string, string?>
        {
            ["POD_NAMESPACE"] = "default",
            ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] = isOn ? $"{receiver.Url}/v1/traces" : null,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        };
        await using var worker = WorkerProcess.Start(
            [
                "run", "--provider-name=ocm", $"--api-group={ProviderApi.DefaultGroup}", $"--kubeconfig={kubeconfig}",
                "--metrics-bind-address=127.0.0.1:0",
            ],
            environment);
        await SeesAsync(server, "PATCH", "clusterrequests");

        using var http = MetricsClient.Create();
        using var scrape = new HttpRequestMessage(HttpMethod.Get, new Uri(await worker.UrlAsync("metrics"), MetricsAccess.Path));
        scrape.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "of-somebody");
        scrape.Headers.Add(Header, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        using var _ = await http.SendAsync(scrape);
        await SeesAsync(server, "POST", "tokenreviews");

        Assert.That(server.Requests.Select(request => request.Headers.ContainsKey(Header)), Is.All.EqualTo(isOn));
    }

    private static Task SeesAsync(TestServer server, string method, string resource) => Eventually.Async(
        () => server.Requests.Any(request => request.Line.StartsWith(method, StringComparison.Ordinal)
            && request.Line.Contains(resource, StringComparison.Ordinal)),
        $"the Worker sends {method} {resource}");
}

using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Support.Certificates;
using ServiceProviderOcm.Tests.Support.Connections;
using ServiceProviderOcm.Tests.Support.Files;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Monitoring;

/// <summary>A Prometheus that scrapes the running Worker, with the alerts and queries that are deployed.</summary>
[Category("Prometheus")]
[Category("Worker")]
[Category("Sandbox")]
public sealed class ScrapeTests
{
    // Its certificates are valid for some days only, so that the alerts about them are pending.
    private static readonly string[] OfShortCertificates = ["OcmKubeconfigExpiring", "OcmMetricsCertificateExpiring"];

    // .NET's own gauges whose names end like those of histograms.
    private static readonly string[] OfRuntime = ["dotnet_assembly_count", "dotnet_process_cpu_count", "dotnet_timer_count"];

    private readonly TestFolder _folder = new();
    private readonly TestPki _pki = new();
    private RenderedMonitoring _monitoring = null!;
    private ProviderWorld? _world;
    private WorkerProcess? _worker;
    private Uri _metrics = null!;
    private PrometheusServer? _prometheus;

    private ProviderWorld World => _world ?? throw new InvalidOperationException("the fixture has not started");

    private PrometheusServer Prometheus => _prometheus ?? throw new InvalidOperationException("the fixture has not started");

    private string Token => World.Platform.User(TestUsers.Metrics).Token;

    [OneTimeSetUp]
    public async Task Start()
    {
        await PrometheusTools.FindAsync("prometheus");
        _monitoring = await RenderedMonitoring.ReadAsync();
        _world = await ProviderWorld.InSandboxAsync();
        await _world.Platform.GrantAsync(TestUsers.Metrics, "metrics-reader", new JsonArray(
            new JsonObject { ["nonResourceURLs"] = new JsonArray("/metrics"), ["verbs"] = new JsonArray("get") }));
        await _world.ConfigureAsync();
        var certificate = _pki.Server();
        _folder.Write("tls.crt", certificate.ExportCertificatePem());
        _folder.Write("tls.key", certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        _worker = _world.StartWorker(
            $"--kubeconfig={_folder.Write("platform", PlatformKubeconfig())}",
            $"--onboarding-kubeconfig={_world.KubeconfigFile(_world.Onboarding)}",
            "--leader-elect=true",
            "--metrics-bind-address=127.0.0.1:0",
            $"--metrics-cert-path={_folder.Root}");
        _metrics = new Uri(await _worker.UrlAsync("metrics"), "metrics");
        _prometheus = await PrometheusServer.StartAsync(_metrics, _pki.Pem, Token, _monitoring.Spec.GetRawText());
        await _world.ReadyTenantAsync();
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_prometheus is not null)
        {
            await _prometheus.DisposeAsync();
        }

        if (_worker is not null)
        {
            await _worker.DisposeAsync();
        }

        if (_world is not null)
        {
            await _world.DisposeAsync();
        }

        _folder.Dispose();
    }

    [Test]
    public async Task Prometheus_scrapes_the_Worker_over_TLS_with_a_token()
    {
        var target = await Eventually.Async(
            async () => (await Prometheus.GetAsync("targets")).Items("data", "activeTargets").Single(),
            target => target.Text("health") == "up",
            "the target is up");

        Assert.That(target.Text("scrapeUrl"), Is.EqualTo(_metrics.AbsoluteUri).And.StartsWith("https://"));
    }

    [Test]
    public async Task The_rules_are_loaded_and_none_fires_for_a_healthy_landscape()
    {
        var rules = await Eventually.Async(
            async () => (await Prometheus.GetAsync("rules")).Items("data", "groups").SelectMany(group => group.Items("rules")).ToList(),
            rules => rules.Count > 0 && rules.All(rule => rule.Text("health") == "ok"),
            "all rules are evaluated");
        await Eventually.Async(
            async () => await ActiveAsync(), active => active.All(OfShortCertificates.Contains), "no alert is pending or firing");

        Assert.That(rules.Select(rule => rule.Text("name")), Is.EquivalentTo(_monitoring.Alerts.Select(alert => alert.Text("alert"))));
    }

    [Test]
    public async Task Every_query_of_the_dashboard_returns_a_number_while_OCMs_change()
    {
        foreach (var (index, (panel, query)) in _monitoring.Queries.Index())
        {
            // A quantile of a histogram without new observations is NaN.
            await World.ApplyOcmAsync(World.Ocm(), $"0.3.{index + 1}");
            var concrete = query
                .Replace("$namespace", PrometheusServer.Namespace, StringComparison.Ordinal)
                .Replace("$__rate_interval", "10s", StringComparison.Ordinal);
            await Eventually.Async(
                async () => (await Prometheus.QueryAsync(concrete)).Any(sample => sample.Items("value").Last().GetString() != "NaN"),
                $"panel \"{panel}\" has a number: {concrete}",
                TimeSpan.FromSeconds(20));
        }
    }

    [Test]
    public async Task The_variable_of_the_dashboard_finds_the_namespace()
    {
        var variable = _monitoring.Dashboard.Items("templating", "list").Single(item => item.Text("name") == "namespace");
        var query = variable.Text("query", "query")!["label_values(".Length..^", namespace)".Length];

        await Eventually.Async(
            async () => (await Prometheus.QueryAsync(query)).Any(series => series.Text("metric", "namespace") == PrometheusServer.Namespace),
            "the namespace is found");
    }

    [Test]
    public async Task Promtool_accepts_the_metrics()
    {
        using var http = new HttpClient(new SocketsHttpHandler
        {
            SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null },
        });
        http.DefaultRequestHeaders.Authorization = new("Bearer", Token);
        var page = await http.GetStringAsync(_metrics);

        var check = await PrometheusTools.PromtoolAsync(["check", "metrics"], page);

        Assert.That(
            (check.Output + check.Errors).Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Where(line => !OfRuntime.Any(metric => line.StartsWith($"{metric} ", StringComparison.Ordinal))),
            Is.Empty);
    }

    private async Task<IReadOnlyList<string>> ActiveAsync() =>
    [
        .. (await Prometheus.GetAsync("alerts")).Items("data", "alerts").Select(alert => alert.Text("labels", "alertname")!).Distinct(),
    ];

    // With a client certificate, whose expiration is a metric, besides the token.
    private string PlatformKubeconfig()
    {
        var pair = World.Platform.CertificateOf(World.User);
        return TestConnections.Config(
            $"server: '{World.Platform.Url}', certificate-authority-data: {TestPki.Base64(World.Platform.CaPem)}",
            $"token: '{World.Platform.User(World.User).Token}', client-certificate-data: {pair.CertificateData}, client-key-data: {pair.KeyData}");
    }
}

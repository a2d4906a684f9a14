using System.Runtime.Versioning;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Tests.Kubernetes.Kubeconfig;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Telemetry;

namespace ServiceProviderOcm.Tests.Provider;

/// <summary>The built Worker, run as its users run it.</summary>
[TestFixtureSource(typeof(ApiGroups), nameof(ApiGroups.All))]
[Category("Worker")]
public sealed class WorkerTests(ProviderApi api)
{
    [Test]
    [Category("RealServer")]
    public async Task Gets_access_to_the_onboarding_cluster_and_does_its_work_until_it_is_told_to_stop()
    {
        await using var world = await ProviderWorld.CreateAsync(api);
        await world.ConfigureAsync();
        await using var worker = world.StartWorker();
        var key = await world.ReadyTenantAsync();
        await worker.SaysAsync("is Ready (ReconcileSuccess)");

        var request = new ObjectKey(ProviderWorld.PodNamespace, $"{api.Group}--onboarding-run");
        var cluster = await world.Platform.Api.GetAsync(Kinds.ClusterRequest, request, default);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(cluster.Json.Text("spec", "purpose"), Is.EqualTo("onboarding"));
            Assert.That(cluster.Labels["openmcp.cloud/managed-by"], Is.EqualTo(api.Group));
            Assert.That(await worker.TerminateAsync(), Is.Zero);
        }

        foreach (var line in worker.Output)
        {
            var json = JsonReading.Parse(line);
            Assert.That(json.Text("level"), Is.EqualTo("info"), line);
            Assert.That(json.EnumerateObject().Select(property => property.Name), Is.Unique, line);
            if (line.Contains("OCM is", StringComparison.Ordinal) || line.Contains(key.Name, StringComparison.Ordinal))
            {
                var ocm = new ObjectKey(json.Text("namespace") ?? "", json.Text("name") ?? "");
                Assert.That(ocm, Is.EqualTo(key), line);
                Assert.That(Guid.TryParse(json.Text("reconcileID"), out _), line);
            }
        }
    }

    [Test]
    [Category("RealServer")]
    public async Task Sends_metrics_and_traces_to_the_collector_that_its_environment_names()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var world = await ProviderWorld.CreateAsync(api);
        await world.ConfigureAsync();
        await using var worker = world.StartWorker(
            new Dictionary<string, string?>
            {
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.Url,
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            },
            $"--onboarding-kubeconfig={world.KubeconfigFile(world.Onboarding)}");
        await world.ReadyTenantAsync();
        Assert.That(await worker.TerminateAsync(), Is.Zero);

        foreach (var metric in (string[])["controller_runtime_reconcile_total", "rest_client_requests_total", "ocm_instances"])
        {
            Assert.That(receiver.Got("/v1/metrics", metric), metric);
        }

        foreach (var span in (string[])["reconcile ocm", "PATCH", "mcp-01"])
        {
            Assert.That(receiver.Got("/v1/traces", span), span);
        }
    }

    [Test]
    [Category("RealServer")]
    public async Task Uses_a_kubeconfig_for_the_onboarding_cluster_where_it_is_given_one()
    {
        await using var world = await ProviderWorld.CreateAsync(api);
        await world.ConfigureAsync();
        await using var worker = world.StartWorker(
            $"--onboarding-kubeconfig={world.KubeconfigFile(world.Onboarding, TestUsers.Provider)}", "-v", "debug", "--format", "text");
        await world.ReadyTenantAsync();
        await worker.SaysAsync("is Ready (ReconcileSuccess)");
        var requests = await world.Platform.Api.ListAllAsync(Kinds.ClusterRequest);
        Assert.That(requests.Select(request => request.Namespace), Has.None.EqualTo(ProviderWorld.PodNamespace));
    }

    [Test]
    [Category("RealServer")]
    [UnsupportedOSPlatform("windows")]
    public async Task Reaches_one_cluster_by_a_client_certificate_through_a_proxy_and_the_other_by_a_credential_plugin()
    {
        await using var world = await ProviderWorld.CreateAsync(api);
        await world.ConfigureAsync();
        using var folder = new TestFolder();
        using var proxy = new TestProxy(world.Platform.Url.Port);
        var pair = world.Platform.CertificateOf(TestUsers.Provider);
        var platform = TestConnections.Config(
            $"{Server(world.Platform)}, proxy-url: 'http://me:password@{proxy.Address}'",
            $"client-certificate-data: {pair.CertificateData}, client-key-data: {pair.KeyData}");
        var onboarding = TestConnections.Config(
            $"{Server(world.Onboarding)}, extensions: [{{ name: client.authentication.k8s.io/exec, extension: {{ depth: 3, deep: ['a', true] }} }}]",
            "exec: { apiVersion: client.authentication.k8s.io/v1, command: ./plugin, provideClusterInfo: true, interactiveMode: Never }");
        folder.Script("plugin", $$"""
            case "$KUBERNETES_EXEC_INFO" in *'"config":{"depth":3,"deep":["a",true]}'*) ;; *) exit 1 ;; esac
            echo '{ "kind": "ExecCredential", "apiVersion": "client.authentication.k8s.io/v1",
                    "status": { "token": "{{world.Onboarding.User(TestUsers.Provider).Token}}" } }'
            """);
        await using var worker = world.StartWorker(
            $"--kubeconfig={folder.Write("platform", platform)}", $"--onboarding-kubeconfig={folder.Write("onboarding", onboarding)}");

        await world.ReadyTenantAsync();

        Assert.That(proxy.Lines, Is.Not.Empty);
    }

    [TestCase(new[] { "run" }, "--provider-name", "POD_NAMESPACE")]
    [TestCase(new[] { "run", "--provider-name=ocm", "--workers=0" }, "--workers 0 is out of bounds", "POD_NAMESPACE")]
    [TestCase(new[] { "run", "--provider-nam=ocm" }, "--provider-nam", "--help")]
    [TestCase(new[] { "check" }, "--provider-name", "POD_NAMESPACE")]
    [TestCase(new[] { "check", "-o", "xml" }, "xml", "json")]
    [TestCase(new[] { "status" }, "POD_NAMESPACE")]
    [TestCase(new[] { "run", "--verbosity=loud" }, "--verbosity \"loud\" is not one of", "POD_NAMESPACE")]
    public async Task Says_all_that_is_wrong_with_its_settings(string[] arguments, params string[] said)
    {
        await using var worker = WorkerProcess.Start(arguments, new Dictionary<string, string?> { ["POD_NAMESPACE"] = null });
        Assert.That(await worker.EndAsync(), Is.EqualTo(2));
        foreach (var text in said)
        {
            await worker.SaysAsync(text);
        }
    }

    [Test]
    public async Task Says_all_that_is_wrong_with_its_environment_and_none_of_what_may_be_secret()
    {
        var environment = new Dictionary<string, string?>
        {
            ["POD_NAMESPACE"] = "default",
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "collector:4317",
            ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] = "a b",
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/json",
            ["OTEL_EXPORTER_OTLP_METRICS_HEADERS"] = "sesame",
            ["OTEL_EXPORTER_OTLP_METRICS_TIMEOUT"] = "10s",
            ["OTEL_EXPORTER_OTLP_TRACES_COMPRESSION"] = "zip",
        };
        await using var worker = WorkerProcess.Start(["run", "--provider-name=ocm"], environment);

        Assert.That(await worker.EndAsync(), Is.EqualTo(2));
        Assert.That(worker.Errors, Is.EquivalentTo(
        [
            "OTEL_EXPORTER_OTLP_ENDPOINT is not a URL such as http://collector:4317.",
            "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT is not a URL such as http://collector:4317.",
            "OTEL_EXPORTER_OTLP_PROTOCOL is not grpc or http/protobuf.",
            "OTEL_EXPORTER_OTLP_METRICS_HEADERS is not a list such as key=value,key=value.",
            "OTEL_EXPORTER_OTLP_METRICS_TIMEOUT is not a whole number of milliseconds.",
            "OTEL_EXPORTER_OTLP_TRACES_COMPRESSION is not gzip or none.",
        ]));
    }

    [Test]
    public async Task Tells_each_fault_in_one_line_whatever_is_in_it()
    {
        await using var worker = WorkerProcess.Start(
            ["run", "--provider-name=ocm", "--workers=a\nb"], new Dictionary<string, string?> { ["POD_NAMESPACE"] = "default" });

        Assert.That(await worker.EndAsync(), Is.EqualTo(2));
        Assert.That(worker.Errors, Is.EqualTo(["--workers \"a\\u000ab\" is not a whole number."]));
    }

    [Test]
    public async Task Says_what_is_wrong_with_its_kubeconfig()
    {
        await using var worker = WorkerProcess.Start(
            ["run", "--provider-name=ocm", "--kubeconfig=/does/not/exist", "--format=text"],
            new Dictionary<string, string?> { ["POD_NAMESPACE"] = "default" });
        Assert.That(await worker.EndAsync(), Is.EqualTo(1));
        await worker.SaysAsync("/does/not/exist");
        Assert.That(worker.Output, Has.None.Contains("   at "));
    }

    private static string Server(TestCluster cluster) =>
        $"server: '{cluster.Url}', certificate-authority-data: {TestPki.Base64(cluster.CaPem)}";
}

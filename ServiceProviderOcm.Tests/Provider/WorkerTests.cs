using System.Runtime.Versioning;
using System.Text;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Support.Certificates;
using ServiceProviderOcm.Tests.Support.Connections;
using ServiceProviderOcm.Tests.Support.Files;
using ServiceProviderOcm.Tests.Support.Http;
using ServiceProviderOcm.Tests.Support.Metrics;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Provider;

/// <summary>The built Worker, run as its users run it.</summary>
[Category("Worker")]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Parallelizable(ParallelScope.All)]
public sealed class WorkerTests
{
    [Test]
    [Category("RealServer")]
    public async Task The_Worker_requests_access_reconciles_and_stops_on_SIGTERM()
    {
        await using var world = await ProviderWorld.OnSharedServersAsync();
        await world.ConfigureAsync();
        await using var worker = world.StartWorker();
        var key = await world.ReadyTenantAsync();
        await worker.LogsAsync("is Ready (ReconcileSuccess)");

        var request = new ObjectKey(world.PodNamespace, $"{world.Api.Group}--onboarding-run");
        var cluster = await world.Platform.Api.GetAsync(PlatformKinds.ClusterRequest, request, default);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(cluster.Json.Text("spec", "purpose"), Is.EqualTo("onboarding"));
            Assert.That(cluster.Labels["openmcp.cloud/managed-by"], Is.EqualTo(world.Api.Group));
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
    [Category("Sandbox")]
    public async Task The_Worker_sends_metrics_and_traces_to_the_collector_in_its_environment()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var world = await ProviderWorld.InSandboxAsync();
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

        var ready = JsonReading.Parse(worker.Output.Single(line => line.Contains("is Ready (ReconcileSuccess)", StringComparison.Ordinal)));
        Assert.That(ready.Text("traceId"), Has.Length.EqualTo(32));
        Assert.That(
            receiver.Got("/v1/traces", Encoding.Latin1.GetString(Convert.FromHexString(ready.Text("traceId")!))),
            "the trace that the log names is sent");
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
    [Category("Sandbox")]
    public async Task The_Worker_uses_a_kubeconfig_for_the_onboarding_cluster()
    {
        await using var world = await ProviderWorld.InSandboxAsync();
        await world.ConfigureAsync();
        await using var worker = world.StartWorker(
            $"--onboarding-kubeconfig={world.KubeconfigFile(world.Onboarding, world.User)}", "-v", "debug", "--format", "text");
        await world.ReadyTenantAsync();
        await worker.LogsAsync("is Ready (ReconcileSuccess)");
        var requests = await world.Platform.Api.ListAllAsync(PlatformKinds.ClusterRequest);
        Assert.That(requests.Select(request => request.Namespace), Has.None.EqualTo(world.PodNamespace));
    }

    [Test]
    [Category("RealServer")]
    [UnsupportedOSPlatform("windows")]
    public async Task The_Worker_connects_by_client_certificate_through_a_proxy_and_by_credential_plugin()
    {
        await using var world = await ProviderWorld.OnSharedServersAsync();
        await world.ConfigureAsync();
        using var folder = new TestFolder();
        using var proxy = new TestProxy(world.Platform.Url.Port);
        var pair = world.Platform.CertificateOf(world.User);
        var platform = TestConnections.Config(
            $"{Server(world.Platform)}, proxy-url: 'http://me:password@{proxy.Address}'",
            $"client-certificate-data: {pair.CertificateData}, client-key-data: {pair.KeyData}");
        var onboarding = TestConnections.Config(
            $"{Server(world.Onboarding)}, extensions: [{{ name: client.authentication.k8s.io/exec, extension: {{ depth: 3, deep: ['a', true] }} }}]",
            "exec: { apiVersion: client.authentication.k8s.io/v1, command: ./plugin, provideClusterInfo: true, interactiveMode: Never }");
        folder.Script("plugin", $$"""
            case "$KUBERNETES_EXEC_INFO" in *'"config":{"depth":3,"deep":["a",true]}'*) ;; *) exit 1 ;; esac
            echo '{ "kind": "ExecCredential", "apiVersion": "client.authentication.k8s.io/v1",
                    "status": { "token": "{{world.Onboarding.User(world.User).Token}}" } }'
            """);
        await using var worker = world.StartWorker(
            $"--kubeconfig={folder.Write("platform", platform)}", $"--onboarding-kubeconfig={folder.Write("onboarding", onboarding)}");

        await world.ReadyTenantAsync();

        Assert.That(proxy.Lines, Is.Not.Empty);
    }

    [TestCase(new[] { "run" }, "--provider-name", "POD_NAMESPACE")]
    [TestCase(new[] { "run", "--provider-name=ocm", "--workers=0" }, "--workers 0 is out of range", "POD_NAMESPACE")]
    [TestCase(new[] { "run", "--provider-nam=ocm" }, "--provider-nam", "--help")]
    [TestCase(new[] { "check" }, "--provider-name", "POD_NAMESPACE")]
    [TestCase(new[] { "check", "-o", "xml" }, "xml", "json")]
    [TestCase(new[] { "status" }, "POD_NAMESPACE")]
    [TestCase(new[] { "run", "--verbosity=loud" }, "--verbosity \"loud\" is not one of", "POD_NAMESPACE")]
    public async Task The_Worker_names_all_invalid_settings(string[] arguments, params string[] said)
    {
        await using var worker = WorkerProcess.Start(arguments, new Dictionary<string, string?> { ["POD_NAMESPACE"] = null });
        Assert.That(await worker.EndAsync(), Is.EqualTo(2));
        foreach (var text in said)
        {
            await worker.LogsAsync(text);
        }
    }

    [Test]
    public async Task Every_command_rejects_what_is_no_API_group(
        [Values("init --api-group", "run --api-group", "check --api-group", "status --api-group", "cleanup --api-group",
            "render --filename=- --api-group", "migrate --to=ocm.example.com --from", "migrate --from=ocm.example.com --to")] string command,
        [Values("nodots", "Ocm.example.com", "ocm.services.with-a-name-of-47-letters.examples")] string group)
    {
        var arguments = $"{command}={group}".Split(' ');
        await using var worker = WorkerProcess.Start(
            arguments,
            new Dictionary<string, string?> { ["POD_NAMESPACE"] = "default", ["ServiceProvider__ProviderName"] = "ocm" });

        Assert.That(await worker.EndAsync(), Is.EqualTo(2));
        Assert.That(worker.Errors, Has.Member($"{command.Split(' ')[^1]} \"{group}\" " + (group.Length == 47
            ? "is longer than 46 characters, and names of requests would not contain all of it."
            : "is not an API group, such as ocm.services.openmcp.cloud.")));
    }

    [Test]
    public async Task The_Worker_names_all_invalid_environment_variables_without_their_values()
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
    public async Task The_Worker_writes_each_error_in_one_line()
    {
        await using var worker = WorkerProcess.Start(
            ["run", "--provider-name=ocm", "--workers=a\nb"], new Dictionary<string, string?> { ["POD_NAMESPACE"] = "default" });

        Assert.That(await worker.EndAsync(), Is.EqualTo(2));
        Assert.That(worker.Errors, Is.EqualTo(["--workers \"a\\u000ab\" is not a whole number."]));
    }

    [Test]
    public async Task The_Worker_names_a_missing_kubeconfig()
    {
        await using var worker = WorkerProcess.Start(
            ["run", "--provider-name=ocm", "--kubeconfig=/does/not/exist", "--format=text"],
            new Dictionary<string, string?> { ["POD_NAMESPACE"] = "default" });
        Assert.That(await worker.EndAsync(), Is.EqualTo(1));
        await worker.LogsAsync("/does/not/exist");
        Assert.That(worker.Output, Has.None.Contains("   at "));
    }

    private static string Server(TestCluster cluster) =>
        $"server: '{cluster.Url}', certificate-authority-data: {TestPki.Base64(cluster.CaPem)}";
}

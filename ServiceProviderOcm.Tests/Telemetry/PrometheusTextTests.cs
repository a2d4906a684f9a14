using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.WorkQueue;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Tests.Support.Connections;
using ServiceProviderOcm.Tests.Support.Http;
using ServiceProviderOcm.Tests.Support.Metrics;

namespace ServiceProviderOcm.Tests.Telemetry;

/// <summary>Names, types and labels are those that dashboards for controllers in Go rely on.</summary>
[NonParallelizable]
public sealed partial class PrometheusTextTests
{
    private IReadOnlyList<string> _lines = [];

    [OneTimeSetUp]
    public async Task UseEverything()
    {
        await using var page = await UsedAsync();
        _lines = await page.ReadAsync();
    }

    [TestCase("controller_runtime_reconcile_total", "counter", "controller,result")]
    [TestCase("service_provider_ocm_reconcile_reasons_total", "counter", "controller,reason")]
    [TestCase("controller_runtime_reconcile_errors_total", "counter", "controller")]
    [TestCase("controller_runtime_terminal_reconcile_errors_total", "counter", "controller")]
    [TestCase("controller_runtime_reconcile_panics_total", "counter", "controller")]
    [TestCase("controller_runtime_reconcile_time_seconds", "histogram", "controller")]
    [TestCase("controller_runtime_max_concurrent_reconciles", "gauge", "controller")]
    [TestCase("controller_runtime_active_workers", "gauge", "controller")]
    [TestCase("workqueue_depth", "gauge", "controller,name")]
    [TestCase("workqueue_adds_total", "counter", "controller,name")]
    [TestCase("workqueue_retries_total", "counter", "controller,name")]
    [TestCase("workqueue_queue_duration_seconds", "histogram", "controller,name")]
    [TestCase("workqueue_work_duration_seconds", "histogram", "controller,name")]
    [TestCase("workqueue_unfinished_work_seconds", "gauge", "controller,name")]
    [TestCase("workqueue_longest_running_processor_seconds", "gauge", "controller,name")]
    [TestCase("rest_client_requests_total", "counter", "code,host,method")]
    [TestCase("rest_client_request_duration_seconds", "histogram", "host,verb")]
    [TestCase("leader_election_master_status", "gauge", "name")]
    [TestCase("ocm_instances", "gauge", "phase")]
    [TestCase("ocm_not_ready", "gauge", "reason")]
    [TestCase("service_provider_ocm_longest_deletion_seconds", "gauge", "")]
    [TestCase("service_provider_ocm_deprecated_version_ocms", "gauge", "")]
    [TestCase("service_provider_ocm_kubeconfig_expiration_timestamp_seconds", "gauge", "cluster")]
    [TestCase("service_provider_ocm_metrics_certificate_expiration_timestamp_seconds", "gauge", "")]
    [TestCase("service_provider_ocm_limit_exceeded_total", "counter", "limit")]
    [TestCase("informer_synced", "gauge", "cluster,kind")]
    [TestCase("service_provider_ocm_informer_idle_seconds", "gauge", "cluster,kind")]
    public void Every_documented_metric_is_exported(string name, string type, string labels)
    {
        var sample = type == "histogram" ? $"{name}_bucket" : name;
        var samples = _lines.Where(line => line.StartsWith($"{sample}{{", StringComparison.Ordinal)).ToList();
        Assert.That(_lines, Has.One.EqualTo($"# TYPE {name} {type}"));
        Assert.That(samples, Is.Not.Empty);
        Assert.That(samples.Select(Labels).Distinct(), Is.EqualTo(new[] { labels }));
    }

    [TestCase("controller_runtime_reconcile_time_seconds", 40, "0.005", "60")]
    [TestCase("workqueue_queue_duration_seconds", 12, "1E-08", "1000")]
    [TestCase("workqueue_work_duration_seconds", 12, "1E-08", "1000")]
    [TestCase("rest_client_request_duration_seconds", 12, "0.005", "60")]
    public void Histograms_have_the_buckets_of_controller_runtime(string name, int count, string least, string most)
    {
        var bounds = _lines
            .Where(line => line.StartsWith($"{name}_bucket", StringComparison.Ordinal))
            .Select(line => Bound().Match(line).Groups[1].Value)
            .ToList();

        Assert.That((bounds.Count, bounds[0], bounds[^2], bounds[^1]), Is.EqualTo((count + 1, least, most, "+Inf")));
    }

    [Test]
    public void Metrics_of_the_runtime_are_exported()
    {
        Assert.That(_lines, Has.Some.StartsWith("dotnet_process_cpu_time_seconds_total"));
    }

    private static async Task<MetricsPage> UsedAsync()
    {
        var page = await MetricsPage.StartAsync();
        var metrics = page.Metrics;
        metrics.ObserveLeadership("lease", () => true);
        metrics.ObserveInstances(["Ready"], () => []);
        metrics.ObserveNotReady(["Contested"], () => []);
        metrics.ObserveDeprecated(() => 0);
        metrics.ObserveLongestDeletion(() => TimeSpan.FromDays(1));
        metrics.ObserveMetricsCertificate(() => TimeProvider.System.GetUtcNow());
        metrics.KubeconfigsOf("platform cluster").Add(TimeProvider.System.GetUtcNow());
        metrics.Limits.Starting();
        metrics.Reconciles.Starting(10);
        metrics.Reconciles.Began(ReconcileReasons.OcmChanged);
        metrics.Reconciles.Ended(ReconcileOutcome.Success, TimeSpan.FromSeconds(1));
        metrics.Queue.Starting();
        using var queue = new RateLimitingQueue<int>(
            (one, other) => one | other, new WorkQueueOptions(), TimeProvider.System, new Random(1), metrics.Queue);
        queue.Add(new ObjectKey("ns", "a"), 0);
        queue.ShutDown();
        await foreach (var item in queue.TakeAllAsync(default))
        {
            queue.Done(item.Key);
        }

        using var server = new ScriptedServer(Answers.Ok());
        var api = new KubernetesApi("here", server, ClientOptions.Default, TimeProvider.System, metrics.Requests);
        await api.GetAsync(ConfigMaps.Kind, new ObjectKey("n", "a"), default);
        var informer = new Informer(
            api,
            ConfigMaps.Kind,
            WatchScope.Everything,
            new InformerOptions(),
            _ => { },
            () => { },
            TimeProvider.System,
            new Random(1),
            NullLogger.Instance);
        metrics.ObserveInformers(() => [informer]);
        return page;
    }

    private static string Labels(string sample) => string.Join(',', Label().Matches(sample)
        .Select(label => label.Groups[1].Value)
        .Where(label => label != "le")
        .Order(StringComparer.Ordinal));

    [GeneratedRegex("[{,]([a-z_]+)=\"")]
    private static partial Regex Label();

    [GeneratedRegex("le=\"([^\"]+)\"")]
    private static partial Regex Bound();
}

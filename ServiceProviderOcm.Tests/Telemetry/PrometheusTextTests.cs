using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.WorkQueue;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Rollout;
using ServiceProviderOcm.Tests.Servers;
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

    [TestCaseSource(nameof(Documented))]
    public void Every_documented_metric_is_exported(string name, string type, string labels)
    {
        var sample = type == "histogram" ? $"{name}_bucket" : name;
        var samples = _lines.Where(line => line.StartsWith($"{sample}{{", StringComparison.Ordinal)).ToList();
        Assert.That(_lines, Has.One.EqualTo($"# TYPE {name} {type}"));
        Assert.That(samples, Is.Not.Empty);
        Assert.That(samples.Select(Labels).Distinct(), Is.EqualTo(new[] { labels }));
    }

    [Test]
    public void Every_exported_metric_is_documented()
    {
        var exported = _lines
            .Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal))
            .Select(line => line.Split(' ')[2])
            .Where(name => name != "target_info" && !name.StartsWith("dotnet_", StringComparison.Ordinal));

        Assert.That(exported, Is.SubsetOf(Documented().Select(metric => metric.Arguments[0])));
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
        metrics.ObserveSurplus(() => 0);
        metrics.ObserveDeprecated(() => 0);
        metrics.ObserveRollout(() => new RolloutProgress(null, ""));
        metrics.ObserveOrphans(() => [("HelmRelease", 0)]);
        metrics.ObserveEntries(() => [("ocms", 0)]);
        metrics.ObserveLongestDeletion(() => TimeSpan.FromDays(1));
        metrics.ObserveMetricsCertificate(() => TimeProvider.System.GetUtcNow());
        metrics.KubeconfigsOf("platform cluster").Add(TimeProvider.System.GetUtcNow());
        metrics.Limits.Starting();
        metrics.Informers.Starting("here", "ConfigMap");
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

    private static IEnumerable<TestCaseData> Documented() =>
        from line in File.ReadLines(Path.Combine(RepositoryRoot.Find(), "docs", "metrics.md"))
        let row = Row().Match(line)
        where row.Success
        select new TestCaseData(
            row.Groups["name"].Value,
            row.Groups["type"].Value,
            string.Join(',', row.Groups["label"].Captures.Select(label => label.Value).Order(StringComparer.Ordinal)));

    private static string Labels(string sample) => string.Join(',', Label().Matches(sample)
        .Select(label => label.Groups[1].Value)
        .Where(label => label != "le")
        .Order(StringComparer.Ordinal));

    // Name, type and labels of a row of the table of metrics.
    [GeneratedRegex(@"^\| `(?<name>[a-z_]+)` \| (?<type>counter|gauge|histogram) \| (?:`(?<label>[a-z]+)`(?:, )?)*\s?\|")]
    private static partial Regex Row();

    [GeneratedRegex("[{,]([a-z_]+)=\"")]
    private static partial Regex Label();

    [GeneratedRegex("le=\"([^\"]+)\"")]
    private static partial Regex Bound();
}

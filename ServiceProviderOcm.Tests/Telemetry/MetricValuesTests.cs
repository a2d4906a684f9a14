using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.WorkQueue;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.States;
using ServiceProviderOcm.Tests.Support.Connections;
using ServiceProviderOcm.Tests.Support.Http;
using ServiceProviderOcm.Tests.Support.Metrics;
using ServiceProviderOcm.Tests.Support.Queues;
using ServiceProviderOcm.Tests.Support.Time;

namespace ServiceProviderOcm.Tests.Telemetry;

/// <summary>The values of the metrics.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[NonParallelizable]
public sealed class MetricValuesTests
{
    private const string OfQueue = """{controller="ocm",name="ocm"}""";

    private static readonly ObjectKey A = new("n", "a");
    private static readonly ObjectKey B = new("n", "b");

    private readonly FakeTimeProvider _time = new();
    private MetricsPage _page = null!;

    [SetUp]
    public async Task Start() => _page = await MetricsPage.StartAsync();

    [TearDown]
    public async Task Stop() => await _page.DisposeAsync();

    [Test]
    public async Task The_queue_metrics_count_waiting_and_processed_keys()
    {
        using var queue = Queue();
        queue.Add(A, TestReasons.Changed);
        queue.Add(A, TestReasons.Changed);
        queue.Add(B, TestReasons.Changed);
        await queue.TakeAsync(default);
        _time.Advance(TimeSpan.FromSeconds(2));
        await queue.TakeAsync(default);
        _time.Advance(TimeSpan.FromSeconds(3));
        queue.Add(A, TestReasons.Changed);

        await HasValueAsync($"workqueue_depth{OfQueue}", 0);
        await HasValueAsync($"workqueue_adds_total{OfQueue}", 3);
        await HasValueAsync($"workqueue_queue_duration_seconds_sum{OfQueue}", 2);
        await HasValueAsync($"workqueue_unfinished_work_seconds{OfQueue}", 8);
        await HasValueAsync($"workqueue_longest_running_processor_seconds{OfQueue}", 5);
        queue.Done(A);
        await HasValueAsync($"workqueue_depth{OfQueue}", 1);
        await HasValueAsync($"workqueue_work_duration_seconds_sum{OfQueue}", 5);
        await HasValueAsync($"workqueue_longest_running_processor_seconds{OfQueue}", 3);
    }

    [Test]
    public async Task Only_retries_after_failures_count_as_retries()
    {
        using var queue = Queue();
        queue.AddAfter(A, TimeSpan.FromSeconds(1), TestReasons.Interval);
        queue.AddRateLimited(B, TestReasons.Retry);

        await HasValueAsync($"workqueue_retries_total{OfQueue}", 1);
    }

    [TestCase(ReconcileOutcome.Success, "success", 0, 0)]
    [TestCase(ReconcileOutcome.RequeueAfter, "requeue_after", 0, 0)]
    [TestCase(ReconcileOutcome.Error, "error", 1, 0)]
    [TestCase(ReconcileOutcome.Bug, "error", 1, 1)]
    public async Task Each_reconciliation_counts_once_by_result_and_once_per_reason(ReconcileOutcome outcome, string result, int errors, int panics)
    {
        var reconciles = _page.Metrics.Reconciles;
        reconciles.Starting(7);
        reconciles.Began(ReconcileReasons.OcmChanged | ReconcileReasons.Interval);
        await HasValueAsync("controller_runtime_active_workers{controller=\"ocm\"}", 1);
        reconciles.Ended(outcome, TimeSpan.FromSeconds(2));

        foreach (var reason in Enum.GetValues<ReconcileReasons>().Where(reason => reason != ReconcileReasons.None))
        {
            var expected = reason is ReconcileReasons.OcmChanged or ReconcileReasons.Interval ? 1 : 0;
            await HasValueAsync($$"""service_provider_ocm_reconcile_reasons_total{controller="ocm",reason="{{reason}}"}""", expected);
        }

        foreach (var each in (string[])["success", "error", "requeue", "requeue_after"])
        {
            await HasValueAsync($$"""controller_runtime_reconcile_total{controller="ocm",result="{{each}}"}""", each == result ? 1 : 0);
        }

        await HasValueAsync("controller_runtime_reconcile_errors_total{controller=\"ocm\"}", errors);
        await HasValueAsync("controller_runtime_reconcile_panics_total{controller=\"ocm\"}", panics);
        await HasValueAsync("controller_runtime_terminal_reconcile_errors_total{controller=\"ocm\"}", 0);
        await HasValueAsync("controller_runtime_reconcile_time_seconds_sum{controller=\"ocm\"}", 2);
        await HasValueAsync("controller_runtime_active_workers{controller=\"ocm\"}", 0);
        await HasValueAsync("controller_runtime_max_concurrent_reconciles{controller=\"ocm\"}", 7);
    }

    [Test]
    public async Task Requests_count_by_code_and_with_each_retry()
    {
        using var server = new ScriptedServer(
            Answers.Error(503), Answers.Failure(new HttpRequestException(HttpRequestError.ConnectionError, "refused")), Answers.Ok());
        var api = new KubernetesApi(
            "here", server, ClientOptions.Default, new HurriedTime(TimeSpan.FromSeconds(10)), _page.Metrics.Requests);

        await api.GetAsync(ConfigMaps.Kind, A, default);

        foreach (var code in (string[])["503", "<error>", "200"])
        {
            await HasValueAsync($$"""rest_client_requests_total{code="{{code}}",host="scripted.example",method="GET"}""", 1);
        }

        await HasValueAsync("""rest_client_request_duration_seconds_count{host="scripted.example",verb="GET"}""", 3);
    }

    [Test]
    public async Task Control_planes_add_no_series_by_their_names_or_the_codes_that_they_invent()
    {
        var options = ClientOptions.ControlPlane with { MaxRetries = 0 };
        foreach (var code in (int[])[511, 599, 598])
        {
            using var server = new ScriptedServer(Answers.Error(code));
            var api = new KubernetesApi("there", server, options, TimeProvider.System, _page.Metrics.Requests);
            await Assert.ThrowsAsync<KubernetesApiException>(() => api.GetAsync(ConfigMaps.Kind, A, default));
        }

        await HasValueAsync("""rest_client_requests_total{code="511",host="control-plane",method="GET"}""", 1);
        await HasValueAsync("""rest_client_requests_total{code="5xx",host="control-plane",method="GET"}""", 2);
    }

    [Test]
    public async Task OCMs_count_by_phase_and_an_unknown_phase_adds_no_series()
    {
        _page.Metrics.ObserveInstances(["Ready", "Progressing", "Terminating"], () => ["Ready", "Ready", null, "Invented", "Progressing"]);

        await HasValueAsync("ocm_instances{phase=\"Ready\"}", 2);
        await HasValueAsync("ocm_instances{phase=\"Progressing\"}", 1);
        await HasValueAsync("ocm_instances{phase=\"Terminating\"}", 0);
        await HasValueAsync("ocm_instances{phase=\"Unknown\"}", 2);
        Assert.That(await _page.ReadAsync(), Has.Exactly(4).StartsWith("ocm_instances{"));
    }

    [Test]
    public async Task OCMs_that_are_not_Ready_count_by_reason_and_every_reason_has_a_series()
    {
        _page.Metrics.ObserveNotReady(OcmStates.ReasonsNotReady, () => ["Contested", "Contested", null, "Invented"]);

        await HasValueAsync("ocm_not_ready{reason=\"Contested\"}", 2);
        await HasValueAsync("ocm_not_ready{reason=\"OCIRepositoryFailed\"}", 0);
        await HasValueAsync("ocm_not_ready{reason=\"Unknown\"}", 2);
        Assert.That(await _page.ReadAsync(), Has.Exactly(OcmStates.ReasonsNotReady.Count + 1).StartsWith("ocm_not_ready{"));
    }

    [Test]
    public async Task Every_limit_has_a_series_before_it_is_exceeded()
    {
        _page.Metrics.Limits.Starting();
        _page.Metrics.Limits.Exceeded("pages");

        await HasValueAsync("service_provider_ocm_limit_exceeded_total{limit=\"pages\"}", 1);
        await HasValueAsync("service_provider_ocm_limit_exceeded_total{limit=\"object_bytes\"}", 0);
    }

    [Test]
    public async Task The_first_kubeconfig_that_expires_counts_by_cluster_as_long_as_it_is_in_use()
    {
        const string Series = "service_provider_ocm_kubeconfig_expiration_timestamp_seconds{cluster=\"control plane\"}";
        var kubeconfigs = _page.Metrics.KubeconfigsOf("control plane");
        kubeconfigs.Add(DateTimeOffset.FromUnixTimeSeconds(2_000_000_000));
        var end = kubeconfigs.Add(DateTimeOffset.FromUnixTimeSeconds(1_900_000_000));
        _page.Metrics.KubeconfigsOf("onboarding cluster");

        await HasValueAsync(Series, 1_900_000_000);
        end();
        await HasValueAsync(Series, 2_000_000_000);
        Assert.That(await _page.ReadAsync(), Has.Exactly(1).StartsWith("service_provider_ocm_kubeconfig_expiration_timestamp_seconds{"));
    }

    [Test]
    public async Task The_leader_metric_is_read_at_each_scrape()
    {
        var isLeader = false;
        _page.Metrics.ObserveLeadership("ocm-lease", () => isLeader);

        await HasValueAsync("leader_election_master_status{name=\"ocm-lease\"}", 0);
        isLeader = true;
        await HasValueAsync("leader_election_master_status{name=\"ocm-lease\"}", 1);
    }

    private RateLimitingQueue<TestReasons> Queue() => new((one, other) => one | other, new WorkQueueOptions(), _time, new Random(1), _page.Metrics.Queue);

    private async Task HasValueAsync(string series, double value) => Assert.That(await _page.ValueAsync(series), Is.EqualTo(value), series);
}

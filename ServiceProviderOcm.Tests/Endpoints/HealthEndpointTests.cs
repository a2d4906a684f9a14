using System.Net;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Tests.Kubernetes.Informers;
using ServiceProviderOcm.Tests.Support.Queues;
using ServiceProviderOcm.Worker.Endpoints;
using ServiceProviderOcm.Worker.Settings;

namespace ServiceProviderOcm.Tests.Endpoints;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class HealthEndpointTests : IDisposable
{
    private RunningEndpoints _endpoints = null!;
    private readonly HttpClient _http = new();

    [SetUp]
    public async Task Start()
    {
        _endpoints = await RunningEndpoints.StartAsync(new ProviderOptions());
        _http.BaseAddress = _endpoints.HealthUrl;
    }

    [TearDown]
    public async Task Stop() => await _endpoints.DisposeAsync();

    public void Dispose() => _http.Dispose();

    [Test]
    public async Task The_process_is_alive_but_not_ready_before_the_controller_has_started()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(await GetAsync("healthz"), Is.EqualTo((HttpStatusCode.OK, "ok")));
            Assert.That(
                await GetAsync("readyz"),
                Is.EqualTo((HttpStatusCode.InternalServerError, "[-]start: not started yet\nreadyz check failed\n")));
        }
    }

    [Test]
    public async Task The_readiness_answer_lists_failing_and_passing_checks()
    {
        _endpoints.Health.Add(Ready("first"), Ready("second", "waiting for the first"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(await GetAsync("readyz"), Is.EqualTo((
                HttpStatusCode.InternalServerError, "[+]first ok\n[-]second: waiting for the first\nreadyz check failed\n")));
            Assert.That(await GetAsync("readyz/first"), Is.EqualTo((HttpStatusCode.OK, "ok")));
            Assert.That((await GetAsync("readyz/second")).Code, Is.EqualTo(HttpStatusCode.InternalServerError));
            Assert.That((await GetAsync("healthz")).Code, Is.EqualTo(HttpStatusCode.OK));
        }
    }

    [Test]
    public async Task Verbose_lists_all_checks()
    {
        _endpoints.Health.Add(Ready("informer ocms (onboarding cluster)"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(await GetAsync("readyz"), Is.EqualTo((HttpStatusCode.OK, "ok")));
            Assert.That(
                await GetAsync("readyz?verbose"),
                Is.EqualTo((HttpStatusCode.OK, "[+]informer ocms (onboarding cluster) ok\nreadyz check passed\n")));
            Assert.That((await GetAsync("readyz/informer%20ocms%20(onboarding%20cluster)")).Code, Is.EqualTo(HttpStatusCode.OK));
        }
    }

    [Test]
    public async Task A_removed_check_no_longer_counts()
    {
        _endpoints.Health.Add(Ready("first"));
        var removal = _endpoints.Health.Add(Ready("second", "missing"));
        Assert.That((await GetAsync("readyz")).Code, Is.EqualTo(HttpStatusCode.InternalServerError));
        removal.Dispose();
        Assert.That((await GetAsync("readyz")).Code, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Other_paths_and_methods_are_not_served()
    {
        using var post = await _http.PostAsync("healthz", null);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(post.StatusCode, Is.EqualTo(HttpStatusCode.MethodNotAllowed));
            Assert.That((await GetAsync("")).Code, Is.EqualTo(HttpStatusCode.NotFound));
            Assert.That((await GetAsync("metrics")).Code, Is.EqualTo(HttpStatusCode.NotFound));
            Assert.That((await GetAsync("readyz/nothing")).Code, Is.EqualTo(HttpStatusCode.NotFound));
        }
    }

    [Test]
    public async Task Health_answers_are_not_cacheable()
    {
        using var answer = await _http.GetAsync("healthz");
        Assert.That(answer.Headers.CacheControl!.NoStore);
    }

    [Test]
    public async Task Liveness_fails_while_a_reconciliation_hangs_and_other_OCMs_wait()
    {
        var time = new FakeTimeProvider();
        using var queue = TestQueue.Create(time);
        _endpoints.Health.Add(ControllerChecks.OfQueue(() => queue.Health));
        queue.Add(new ObjectKey("ws", "stuck"), TestReasons.Changed);
        var stuck = await queue.TakeAsync(default);
        time.Advance(ControllerChecks.LongestWork + TimeSpan.FromSeconds(1));
        Assert.That((await GetAsync("healthz")).Code, Is.EqualTo(HttpStatusCode.OK), "no other key waits");

        queue.Add(new ObjectKey("ws", "waiting"), TestReasons.Changed);
        Assert.That(await GetAsync("healthz"), Is.EqualTo((
            HttpStatusCode.InternalServerError,
            "[-]queue: one OCM has been reconciled for 00:05:01, and 1 wait\nhealthz check failed\n")));

        queue.Done(stuck!.Value.Key);
        Assert.That((await GetAsync("healthz")).Code, Is.EqualTo(HttpStatusCode.OK), "the work has ended");
    }

    [Test]
    public async Task Liveness_fails_while_a_changed_OCM_waits_for_its_own_hanging_reconciliation()
    {
        var time = new FakeTimeProvider();
        using var queue = TestQueue.Create(time);
        _endpoints.Health.Add(ControllerChecks.OfQueue(() => queue.Health));
        queue.Add(new ObjectKey("ws", "stuck"), TestReasons.Changed);
        await queue.TakeAsync(default);
        queue.Add(new ObjectKey("ws", "stuck"), TestReasons.Changed);
        time.Advance(ControllerChecks.LongestWork);
        Assert.That((await GetAsync("healthz")).Code, Is.EqualTo(HttpStatusCode.OK), "not too long yet");
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.That((await GetAsync("healthz")).Code, Is.EqualTo(HttpStatusCode.InternalServerError));
    }

    [Test]
    public async Task Readiness_fails_while_a_cluster_has_more_than_an_informer_may_keep()
    {
        var api = new ManualApi();
        await using var run = new InformerRun(api, options: new InformerOptions { Limits = new InformerLimits { Objects = 1 } });
        (await api.NextListAsync()).Answer(Events.Page(7, Events.Item("a", 3)));
        await run.StateAsync();
        _endpoints.Health.Add(ControllerChecks.OfInformer(run.Informer));
        Assert.That((await GetAsync("readyz")).Code, Is.EqualTo(HttpStatusCode.OK));

        (await api.NextWatchAsync()).Send(Events.Added("b", 8));
        (await api.NextListAsync()).Answer(Events.Page(9, Events.Item("a", 3), Events.Item("b", 8)));
        await run.StateAsync();

        Assert.That(await GetAsync("readyz"), Is.EqualTo((
            HttpStatusCode.InternalServerError,
            "[-]informer configmaps (test cluster): stale: list configmaps on the test cluster: there are at least 2 objects, and the limit is 1 (limit objects)\nreadyz check failed\n")));
    }

    private static HealthCheck Ready(string name, string? error = null) => new(Probe.Readiness, name, () => error);

    private async Task<(HttpStatusCode Code, string Body)> GetAsync(string path)
    {
        using var answer = await _http.GetAsync(path);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}

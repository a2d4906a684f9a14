using System.Net;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Tests.Kubernetes.WorkQueue;
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
    public async Task Is_alive_but_not_ready_before_anything_has_started()
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
    public async Task Names_what_is_not_ready_beside_what_is()
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
    public async Task Shows_all_checks_on_request()
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
    public async Task A_check_that_is_removed_no_longer_counts()
    {
        _endpoints.Health.Add(Ready("first"));
        var removal = _endpoints.Health.Add(Ready("second", "missing"));
        Assert.That((await GetAsync("readyz")).Code, Is.EqualTo(HttpStatusCode.InternalServerError));
        removal.Dispose();
        Assert.That((await GetAsync("readyz")).Code, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Answers_nothing_else()
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
    public async Task Answers_are_not_to_be_cached()
    {
        using var answer = await _http.GetAsync("healthz");
        Assert.That(answer.Headers.CacheControl!.NoStore);
    }

    [Test]
    public async Task Is_not_alive_while_one_OCM_is_worked_on_forever_and_others_wait()
    {
        var time = new FakeTimeProvider();
        using var queue = TestQueue.Create(time);
        _endpoints.Health.Add(ControllerChecks.OfQueue(() => queue.Health));
        queue.Add(new ObjectKey("ws", "stuck"), Why.Changed);
        var stuck = await queue.TakeAsync(default);
        time.Advance(ControllerChecks.LongestWork + TimeSpan.FromSeconds(1));
        Assert.That((await GetAsync("healthz")).Code, Is.EqualTo(HttpStatusCode.OK), "nobody waits");

        queue.Add(new ObjectKey("ws", "waiting"), Why.Changed);
        Assert.That(await GetAsync("healthz"), Is.EqualTo((
            HttpStatusCode.InternalServerError,
            "[-]queue: one OCM has been reconciled for 00:05:01, and 1 wait\nhealthz check failed\n")));

        queue.Done(stuck!.Value.Key);
        Assert.That((await GetAsync("healthz")).Code, Is.EqualTo(HttpStatusCode.OK), "the work has ended");
    }

    [Test]
    public async Task Is_not_alive_while_an_OCM_that_has_changed_waits_for_the_work_on_itself_to_end()
    {
        var time = new FakeTimeProvider();
        using var queue = TestQueue.Create(time);
        _endpoints.Health.Add(ControllerChecks.OfQueue(() => queue.Health));
        queue.Add(new ObjectKey("ws", "stuck"), Why.Changed);
        await queue.TakeAsync(default);
        queue.Add(new ObjectKey("ws", "stuck"), Why.Changed);
        time.Advance(ControllerChecks.LongestWork);
        Assert.That((await GetAsync("healthz")).Code, Is.EqualTo(HttpStatusCode.OK), "not too long yet");
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.That((await GetAsync("healthz")).Code, Is.EqualTo(HttpStatusCode.InternalServerError));
    }

    private static HealthCheck Ready(string name, string? problem = null) => new(Probe.Readiness, name, () => problem);

    private async Task<(HttpStatusCode Code, string Body)> GetAsync(string path)
    {
        using var answer = await _http.GetAsync(path);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}

using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Moq;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Tests.Support.Logs;
using ServiceProviderOcm.Worker.Endpoints;

namespace ServiceProviderOcm.Tests.Hostile;

/// <summary>Clients of the metrics endpoint send many tokens. The platform cluster gets few reviews, and scrapers get their metrics.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ReviewFloodTests
{
    private const string Scraper = "scraper";

    private static readonly IPAddress Client = IPAddress.Parse("10.0.0.1");

    private readonly ConcurrentQueue<string> _reviewed = [];
    private readonly FakeTimeProvider _time = new();
    private readonly MetricsAccess _access;
    private Task _gate = Task.CompletedTask;

    public ReviewFloodTests()
    {
        var platform = new Mock<IKubernetesApi>();
        platform.Setup(api => api.CreateAsync(It.IsAny<ResourceKind>(), It.IsAny<KubeObject>(), It.IsAny<CancellationToken>()))
            .Returns((ResourceKind kind, KubeObject review, CancellationToken _) => ReviewAsync(kind, review));
        _access = new MetricsAccess(() => platform.Object, _time, new RecordingLogger<MetricsAccess>());
    }

    [Test]
    public async Task Many_tokens_of_many_clients_cost_few_reviews()
    {
        var codes = await FloodAsync(clients: 100, tokensOfClient: 20);

        Assert.That(_reviewed, Has.Count.EqualTo(ReviewLimits.Burst));
        Assert.That(codes.Count(code => code == 429), Is.EqualTo(2000 - ReviewLimits.Burst));
    }

    [Test]
    public async Task Many_tokens_of_one_client_cost_fewer_reviews_and_leave_the_others_their_share()
    {
        await FloodAsync(clients: 1, tokensOfClient: 200);
        Assert.That(_reviewed, Has.Count.EqualTo(ReviewLimits.BurstOfClient));

        var other = await _access.DecideAsync($"Bearer {Scraper}", IPAddress.Parse("10.9.9.9"), default);

        Assert.That(other.IsAllowed);
    }

    [Test]
    public async Task A_flood_of_twenty_seconds_costs_the_rate_and_the_burst()
    {
        for (var second = 0; second < 20; second++)
        {
            await FloodAsync(clients: 100, tokensOfClient: 3, prefix: $"t{second}-");
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.That(_reviewed.Count, Is.LessThanOrEqualTo(ReviewLimits.Burst + (20 * ReviewLimits.PerSecond)));
    }

    [Test]
    public async Task A_scraper_gets_its_metrics_during_a_flood_also_when_its_decision_has_to_be_renewed()
    {
        Assert.That((await ScrapeAsync()).IsAllowed);
        for (var minute = 0; minute < 5; minute++)
        {
            await FloodAsync(clients: 100, tokensOfClient: 20, prefix: $"t{minute}-");
            Assert.That((await ScrapeAsync()).IsAllowed);
            _time.Advance(TimeSpan.FromSeconds(61));
            await FloodAsync(clients: 100, tokensOfClient: 20, prefix: $"u{minute}-");
        }

        Assert.That(_reviewed.Count(token => token == Scraper), Is.EqualTo(5));
    }

    [Test]
    public async Task A_token_that_is_under_review_is_not_reviewed_again()
    {
        var gate = new TaskCompletionSource();
        _gate = gate.Task;
        var waiting = Enumerable.Range(0, 50).Select(_ => ScrapeAsync()).ToList();
        gate.SetResult();

        var decisions = await Task.WhenAll(waiting);

        Assert.That(decisions, Has.All.Property(nameof(AccessDecision.IsAllowed)).True);
        Assert.That(_reviewed, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_client_that_hangs_up_does_not_end_the_review_of_others()
    {
        var gate = new TaskCompletionSource();
        _gate = gate.Task;
        using var hangUp = new CancellationTokenSource();
        _ = _access.DecideAsync($"Bearer {Scraper}", Client, hangUp.Token);
        var second = ScrapeAsync();
        await hangUp.CancelAsync();
        gate.SetResult();

        Assert.That((await second).IsAllowed);
        Assert.That(_reviewed, Has.Count.EqualTo(1));
    }

    [TestCase("a b")]
    [TestCase("a,b")]
    [TestCase("a\u00e4")]
    [TestCase("a\u0001")]
    [TestCase("===")]
    [TestCase("a=b")]
    public async Task What_is_no_token_is_rejected_without_a_review(string token)
    {
        var decision = await _access.DecideAsync($"Bearer {token}", Client, default);

        Assert.That((decision.StatusCode, _reviewed.Count), Is.EqualTo((401, 0)));
    }

    [TestCase(MetricsAccess.LongestToken, 1)]
    [TestCase(MetricsAccess.LongestToken + 1, 0)]
    public async Task A_token_that_is_too_long_is_rejected_without_a_review(int length, int reviews)
    {
        var decision = await _access.DecideAsync($"Bearer {new string('a', length)}", Client, default);

        Assert.That((decision.StatusCode, _reviewed.Count), Is.EqualTo((401, reviews)));
    }

    [Test]
    public async Task A_client_above_the_limit_gets_429_with_the_delay_before_a_retry()
    {
        await FloodAsync(clients: 1, tokensOfClient: 200);
        var context = new DefaultHttpContext();
        context.Request.Headers.Authorization = "Bearer one-more";
        context.Connection.RemoteIpAddress = IPAddress.Parse("10.1.0.0");

        await _access.InvokeAsync(context, _ => throw new AssertionException("metrics were served"));

        Assert.That((context.Response.StatusCode, context.Response.Headers.RetryAfter.ToString()), Is.EqualTo((429, "1")));
    }

    private Task<AccessDecision> ScrapeAsync() => _access.DecideAsync($"Bearer {Scraper}", Client, default);

    private async Task<IReadOnlyList<int>> FloodAsync(int clients, int tokensOfClient, string prefix = "")
    {
        var decisions = await Task.WhenAll(
            from client in Enumerable.Range(0, clients)
            from token in Enumerable.Range(0, tokensOfClient)
            select _access.DecideAsync($"Bearer {prefix}{client}-{token}", new IPAddress([10, 1, 0, (byte)client]), default));
        return [.. decisions.Select(decision => decision.StatusCode)];
    }

    private async Task<KubeObject> ReviewAsync(ResourceKind kind, KubeObject review)
    {
        if (kind == Kinds.SubjectAccessReview)
        {
            return KubeObject.Parse("""{ "status": { "allowed": true } }""");
        }

        var token = review.Json.Text("spec", "token")!;
        _reviewed.Enqueue(token);
        await _gate;
        return KubeObject.From(new JsonObject
        {
            ["status"] = new JsonObject
            {
                ["authenticated"] = token == Scraper,
                ["user"] = new JsonObject { ["username"] = token },
            },
        });
    }
}

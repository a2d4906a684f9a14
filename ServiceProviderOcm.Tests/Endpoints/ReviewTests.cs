using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Moq;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Tests.Support.Logs;
using ServiceProviderOcm.Worker.Endpoints;

namespace ServiceProviderOcm.Tests.Endpoints;

/// <summary>The reviews that are sent before metrics are served, and how their answers are handled.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ReviewTests
{
    private readonly Mock<IKubernetesApi> _platform = new(MockBehavior.Strict);
    private readonly FakeTimeProvider _time = new();
    private readonly RecordingLogger<MetricsAccess> _log = new();

    [Test]
    public async Task The_access_review_contains_all_attributes_of_the_reviewed_token()
    {
        Answers(Kinds.TokenReview, """
            {"status": {"authenticated": true,
              "user": {"username": "jane", "uid": "42", "groups": ["a", "b"], "extra": {"scopes": ["x", "y"]}}}}
            """);
        JsonNode? sent = null;
        Answers(Kinds.SubjectAccessReview, """{"status": {"allowed": true}}""", review => sent = JsonNode.Parse(review.Json.GetRawText()));

        Assert.That(await DecideAsync(), Is.EqualTo(AccessDecision.Allowed));
        var expected = JsonNode.Parse("""
            {"user": "jane", "uid": "42", "groups": ["a", "b"], "extra": {"scopes": ["x", "y"]},
             "nonResourceAttributes": {"path": "/metrics", "verb": "get"}}
            """);
        Assert.That(JsonNode.DeepEquals(sent!["spec"], expected), sent.ToJsonString());
    }

    [Test]
    public async Task A_denied_review_has_the_reason_of_the_server()
    {
        Answers(Kinds.TokenReview, """{"status": {"authenticated": true, "user": {"username": "jane"}}}""");
        Answers(Kinds.SubjectAccessReview, """{"status": {"allowed": false, "reason": "not on a Sunday"}}""");
        Assert.That(await DecideAsync(), Is.EqualTo(AccessDecision.Forbidden("jane", "not on a Sunday")));
    }

    [TestCase("""{"status": {}}""")]
    [TestCase("""{"status": {"authenticated": "true", "user": {"username": "jane"}}}""")]
    [TestCase("""{"status": {"authenticated": false, "user": {"username": "jane"}}}""")]
    [TestCase("""{"status": {"authenticated": true}}""")]
    public async Task Only_an_explicitly_allowed_review_grants_access(string review)
    {
        Answers(Kinds.TokenReview, review);
        Assert.That(await DecideAsync(), Is.EqualTo(AccessDecision.Unauthenticated));
    }

    [Test]
    public async Task A_review_times_out_and_the_next_one_is_sent_again()
    {
        _platform
            .Setup(api => api.CreateAsync(Kinds.TokenReview, It.IsAny<KubeObject>(), It.IsAny<CancellationToken>()))
            .Returns(async (ResourceKind _, KubeObject _, CancellationToken cancellationToken) =>
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
                throw new OperationCanceledException(cancellationToken);
            });
        var access = Access();
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var decision = access.DecideAsync("Bearer token", client: null, default);
            _time.Advance(TimeSpan.FromSeconds(8));
            Assert.That(await decision, Is.EqualTo(AccessDecision.Unavailable));
        }

        _platform.Verify(
            api => api.CreateAsync(Kinds.TokenReview, It.IsAny<KubeObject>(), It.IsAny<CancellationToken>()), Times.Exactly(2));
        Assert.That(_log.Lines, Has.One.EqualTo(
            "Warning: Access review for metrics failed on the platform cluster: no answer within 8 s"));
    }

    [Test]
    public async Task Without_a_kubeconfig_access_is_denied()
    {
        var access = new MetricsAccess(() => throw new KubeconfigException("There is no kubeconfig"), _time, _log);
        Assert.That(await access.DecideAsync("Bearer token", client: null, default), Is.EqualTo(AccessDecision.Unavailable));
    }

    private MetricsAccess Access() => new(() => _platform.Object, _time, _log);

    private Task<AccessDecision> DecideAsync() => Access().DecideAsync("bearer token", client: null, default);

    private void Answers(ResourceKind kind, string answer, Action<KubeObject>? onReview = null) => _platform
        .Setup(api => api.CreateAsync(kind, It.IsAny<KubeObject>(), It.IsAny<CancellationToken>()))
        .Callback((ResourceKind _, KubeObject review, CancellationToken _) => onReview?.Invoke(review))
        .ReturnsAsync(KubeObject.Parse(answer));
}

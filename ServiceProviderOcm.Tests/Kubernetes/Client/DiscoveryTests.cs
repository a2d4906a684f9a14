using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Tests.Support.Http;
using ServiceProviderOcm.Tests.Support.Metrics;

namespace ServiceProviderOcm.Tests.Kubernetes.Client;

/// <summary>The kinds of an API group, by aggregated discovery or without it.</summary>
public sealed class DiscoveryTests
{
    private const string Group = "delivery.ocm.software";

    private const string Aggregated =
        """
        { "kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "items": [
          { "metadata": { "name": "apps" }, "versions": [{ "version": "v1", "freshness": "Stale", "resources": [
            { "resource": "deployments", "responseKind": { "kind": "Deployment" }, "scope": "Namespaced", "verbs": ["list"] }] }] },
          { "metadata": { "name": "delivery.ocm.software" }, "versions": [
            { "version": "v1", "freshness": "Current", "resources": [
              { "resource": "repositories", "responseKind": { "kind": "Repository" }, "scope": "Namespaced", "verbs": ["get", "list"],
                "subresources": [{ "subresource": "status", "responseKind": { "kind": "Repository" }, "verbs": ["get"] }] }] },
            { "version": "v1alpha1", "freshness": "Current", "resources": [
              { "resource": "reviews", "responseKind": { "kind": "Review" }, "scope": "Cluster", "verbs": ["create"] },
              { "resource": "repositories", "responseKind": { "kind": "Repository" }, "scope": "Namespaced", "verbs": ["list"] },
              { "resource": "deployers", "responseKind": { "kind": "Deployer" }, "scope": "Cluster", "verbs": ["list"] }] }] }] }
        """;

    private const string Groups =
        """
        { "kind": "APIGroupList", "groups": [{ "name": "apps", "versions": [{ "version": "v1" }] },
          { "name": "delivery.ocm.software", "versions": [{ "version": "v1" }, { "version": "v1alpha1" }] }] }
        """;

    private const string First =
        """
        { "kind": "APIResourceList", "resources": [
          { "name": "repositories", "kind": "Repository", "namespaced": true, "verbs": ["list"] },
          { "name": "repositories/status", "kind": "Repository", "namespaced": true, "verbs": ["get", "list"] }] }
        """;

    private const string Second =
        """
        { "kind": "APIResourceList", "resources": [
          { "name": "repositories", "kind": "Repository", "namespaced": true, "verbs": ["list"] },
          { "name": "reviews", "kind": "Review", "namespaced": false, "verbs": ["create"] },
          { "name": "deployers", "kind": "Deployer", "namespaced": false, "verbs": ["list"] }] }
        """;

    private static readonly ResourceKind[] Expected =
    [
        new(Group, "v1alpha1", "Deployer", "deployers", IsNamespaced: false), new(Group, "v1", "Repository", "repositories"),
    ];

    private static readonly TestCaseData[] Misleading =
    [
        new TestCaseData("<html/>").SetArgDisplayNames("a page"),
        new TestCaseData("{}").SetArgDisplayNames("some other JSON"),
        new TestCaseData(Groups.Replace("APIGroupList", "Status", StringComparison.Ordinal)).SetArgDisplayNames("a Status"),
        new TestCaseData(Aggregated.Replace("Current", "Stale", StringComparison.Ordinal)).SetArgDisplayNames("a stale group"),
        new TestCaseData(Aggregated.Replace("\"deployers\"", "\"../secrets\"", StringComparison.Ordinal)).SetArgDisplayNames("a path"),
        new TestCaseData(Aggregated.Replace("\"Deployer\"", "\"Delete\\nall\"", StringComparison.Ordinal)).SetArgDisplayNames("a line"),
        new TestCaseData(Aggregated.Replace("v1alpha1", "v1/../..", StringComparison.Ordinal)).SetArgDisplayNames("a version that is a path"),
    ];

    [Test]
    public async Task Aggregated_discovery_takes_one_request_and_prefers_the_first_version()
    {
        using var server = new ScriptedServer(Answers.Ok(Aggregated));

        Assert.That(await Api(server).DiscoverAsync(Group, default), Is.EqualTo(Expected));
        Assert.That(server.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_server_with_absurdly_many_versions_or_kinds_is_over_the_limit([Values] bool hasManyKinds)
    {
        var versions = Enumerable.Range(0, hasManyKinds ? 1 : 10_000).Select(i => $$"""{ "version": "v{{i}}" }""");
        var kinds = Enumerable.Range(0, hasManyKinds ? 10_000 : 1).Select(i => $$"""{ "name": "a{{i}}", "kind": "A{{i}}", "verbs": ["list"] }""");
        using var server = new ScriptedServer(
            Answers.Ok($$"""{ "kind": "APIGroupList", "groups": [{ "name": "{{Group}}", "versions": [{{string.Join(',', versions)}}] }] }"""),
            Answers.Ok($$"""{ "kind": "APIResourceList", "resources": [{{string.Join(',', kinds)}}] }"""));

        var exception = await Assert.ThrowsAsync<KubernetesApiException>(() => Api(server).DiscoverAsync(Group, default));

        Assert.That(exception!.Reason, Is.EqualTo("LimitExceeded"));
        Assert.That(server.Requests, Has.Count.LessThanOrEqualTo(2));
    }

    [Test]
    public async Task Without_aggregated_discovery_each_version_is_read()
    {
        using var server = new ScriptedServer(Answers.Ok(Groups), Answers.Ok(First), Answers.Ok(Second));

        Assert.That(await Api(server).DiscoverAsync(Group, default), Is.EqualTo(Expected));
        Assert.That(server.Requests, Has.Count.EqualTo(3));
    }

    [TestCase(Aggregated)]
    [TestCase(Groups)]
    public async Task A_group_that_is_not_served_has_no_kinds(string answer)
    {
        using var server = new ScriptedServer(Answers.Ok(answer));

        Assert.That(await Api(server).DiscoverAsync("other.example.com", default), Is.Empty);
    }

    [Test]
    public async Task An_answer_that_is_not_UTF_8_is_an_error()
    {
        var bytes = System.Text.Encoding.Latin1.GetBytes(Groups.Replace("apps", "\u00ff", StringComparison.Ordinal));
        using var server = new ScriptedServer(Answers.Ok(bytes));

        var exception = await Assert.ThrowsAsync<KubernetesApiException>(() => Api(server).DiscoverAsync(Group, default));

        Assert.That(exception!.IsTransient);
    }

    [TestCaseSource(nameof(Misleading))]
    public async Task An_answer_that_is_not_to_be_trusted_is_an_error_and_no_empty_group(string answer)
    {
        using var server = new ScriptedServer(Answers.Ok(answer));

        await Assert.ThrowsAsync<KubernetesApiException>(() => Api(server).DiscoverAsync(Group, default));
    }

    [Test]
    public async Task More_kinds_than_allowed_exceed_a_limit()
    {
        var many = string.Join(", ", Enumerable.Range(0, 101).Select(number =>
            $$"""{ "name": "things{{number}}", "kind": "Thing", "verbs": ["list"] }"""));
        using var server = new ScriptedServer(
            Answers.Ok(Groups), Answers.Ok($$"""{ "kind": "APIResourceList", "resources": [{{many}}] }"""), Answers.Ok(First));

        var error = await Assert.ThrowsAsync<KubernetesApiException>(() => Api(server).DiscoverAsync(Group, default));

        Assert.That((error!.Reason, error.IsFixedLimit), Is.EqualTo(("LimitExceeded", true)));
    }

    private static KubernetesApi Api(ScriptedServer server) =>
        new("here", server, ClientOptions.ControlPlane with { MaxRetries = 0 }, TimeProvider.System, TestMetrics.Create().Requests);
}

using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Support.Http;
using ServiceProviderOcm.Tests.Support.Metrics;

namespace ServiceProviderOcm.Tests.Kubernetes.Client;

/// <summary>A 404 means that a kind is not served only if discovery confirms it.</summary>
public sealed class KindNotServedTests
{
    private const string Json = "application/json";

    private const string OtherGroups = """{ "kind": "APIGroupList", "groups": [{ "name": "apps", "versions": [{ "version": "v1" }] }] }""";

    private const string OurGroup =
        """{ "kind": "APIGroupList", "groups": [{ "name": "delivery.ocm.software", "versions": [{ "version": "v1alpha1" }] }] }""";

    private static readonly ScriptedServer.Answer NotFound = Answers.Content(404, "404 page not found", "text/plain");

    private static readonly TestCaseData[] NotListed =
    [
        new TestCaseData((object)new[] { Answers.Content(200, OtherGroups, Json) }).SetArgDisplayNames("no such group"),
        new TestCaseData((object)new[]
        {
            Answers.Content(200, OurGroup, Json),
            Answers.Content(200, """{ "kind": "APIResourceList", "resources": [{ "name": "components" }] }""", Json),
        }).SetArgDisplayNames("no such resource in the group"),
    ];

    private static readonly TestCaseData[] Unconfirmed =
    [
        new TestCaseData((object)new[] { NotFound }).SetArgDisplayNames("404 to everything"),
        new TestCaseData((object)new[] { Answers.Content(200, "<html/>", "text/html"), Answers.Content(200, "<html/>", "text/html") })
            .SetArgDisplayNames("a page"),
        new TestCaseData((object)new[] { Answers.Content(200, "{}", Json) }).SetArgDisplayNames("some other JSON"),
        new TestCaseData((object)new[] { Answers.Error(403) }).SetArgDisplayNames("discovery is forbidden"),
        new TestCaseData((object)new[]
        {
            Answers.Content(200, OurGroup, Json),
            Answers.Content(200, """{ "kind": "APIResourceList", "resources": [{ "name": "repositories" }] }""", Json),
        }).SetArgDisplayNames("the server has the kind"),
    ];

    [TestCaseSource(nameof(NotListed))]
    public async Task A_404_for_a_kind_that_discovery_does_not_list_means_the_kind_is_not_served(ScriptedServer.Answer[] discovery) =>
        Assert.That(await FailureAsync(discovery), Has.Property(nameof(KubernetesApiException.IsNotFound)).True);

    [TestCaseSource(nameof(Unconfirmed))]
    public async Task Other_answers_do_not_mean_that_a_kind_is_not_served(ScriptedServer.Answer[] discovery) =>
        Assert.That(await FailureAsync(discovery), Has.Property(nameof(KubernetesApiException.IsNotFound)).False);

    [Test]
    public async Task A_resource_version_of_another_server_is_gone()
    {
        using var server = new ScriptedServer(Answers.Ok());
        var request = new WatchRequest("7", null, null, null, TimeSpan.FromMinutes(1)) { Server = new Uri("https://other.example.com/") };

        var failure = await Assert.ThrowsAsync<KubernetesApiException>(async () =>
        {
            await foreach (var _ in Api(server).WatchAsync(PlatformKinds.Repository, request, default))
            {
            }
        });

        Assert.That((failure!.IsGone, server.Requests.Count), Is.EqualTo((true, 0)));
    }

    private static async Task<KubernetesApiException?> FailureAsync(ScriptedServer.Answer[] discovery)
    {
        using var server = new ScriptedServer([NotFound, .. discovery, .. discovery, .. discovery]);
        return await Assert.ThrowsAsync<KubernetesApiException>(() => Api(server).ListAsync(PlatformKinds.Repository, new ListRequest(), default));
    }

    private static KubernetesApi Api(ScriptedServer server) =>
        new("here", server, ClientOptions.Default with { MaxRetries = 0 }, TimeProvider.System, TestMetrics.Create().Requests);
}

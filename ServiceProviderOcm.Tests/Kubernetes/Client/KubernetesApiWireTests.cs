using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Tests.Support.Connections;
using ServiceProviderOcm.Tests.Support.Http;
using ServiceProviderOcm.Tests.Support.Metrics;
using ServiceProviderOcm.Tests.Support.Time;

namespace ServiceProviderOcm.Tests.Kubernetes.Client;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class KubernetesApiWireTests
{
    private static readonly string Good = LoopbackServer.Whole(Answers.SomeObject);
    private static readonly string Half = LoopbackServer.Half(Answers.SomeObject);
    private static readonly KubeObject Manifest = KubeObject.Parse(Answers.SomeObject);

    private readonly HurriedTime _time = new(TimeSpan.FromSeconds(10));

    [Test]
    public async Task A_read_survives_connections_that_break_before_and_in_the_middle_of_the_answer()
    {
        using var server = new LoopbackServer("", Half, Good);

        Assert.That((await Api(server).GetAsync(ConfigMaps.Kind, Manifest.Key, default)).Key, Is.EqualTo(Manifest.Key));
    }

    [Test]
    public async Task An_idempotent_write_survives_connections_that_break()
    {
        using var server = new LoopbackServer("", Half, Good);

        await Api(server).ApplyAsync(ConfigMaps.Kind, Manifest, isForced: true, default);

        Assert.That(server.Requests, Has.Count.EqualTo(3).And.All.StartsWith("PATCH /api/v1/namespaces/n/configmaps/a?"));
    }

    [Test]
    public async Task Writes_carry_the_field_manager_of_the_options()
    {
        using var server = new LoopbackServer(Good, Good);

        await Api(server).ApplyAsync(ConfigMaps.Kind, Manifest, isForced: true, default);
        await Api(server, new KubernetesApiOptions { FieldManager = "another" }).ApplyAsync(ConfigMaps.Kind, Manifest, isForced: true, default);

        Assert.That(server.Requests[0], Does.Contain("fieldManager=service-provider-ocm"));
        Assert.That(server.Requests[1], Does.Contain("fieldManager=another"));
    }

    [Test]
    public async Task A_creation_is_sent_once_when_the_connection_breaks_before_the_answer() => await GoesOutOnceAsync("");

    [Test]
    public async Task A_creation_is_sent_once_when_the_connection_breaks_in_the_middle_of_the_answer() => await GoesOutOnceAsync(Half);

    [Test]
    public async Task A_creation_is_retried_when_the_connection_is_refused()
    {
        var server = new LoopbackServer(Good);
        var url = server.Url;
        server.Dispose();
        using var nobody = new ClusterConnection(new k8s.Kubernetes(new k8s.KubernetesClientConfiguration { Host = url }));
        var api = new KubernetesApi("here", new Fixed(nobody), ClientOptions.Default, _time, TestMetrics.Create().Requests);

        var failure = await Assert.ThrowsAsync<KubernetesApiException>(() => api.CreateAsync(ConfigMaps.Kind, Manifest, default));

        Assert.That((failure!.Code, failure.IsTransient, _time.Pauses.Count), Is.EqualTo((0, true, 2)));
    }

    private async Task GoesOutOnceAsync(string answer)
    {
        using var server = new LoopbackServer(answer, Good);

        var failure = await Assert.ThrowsAsync<KubernetesApiException>(() => Api(server).CreateAsync(ConfigMaps.Kind, Manifest, default));

        Assert.That((failure!.Code, failure.IsTransient), Is.EqualTo((0, true)));
        Assert.That(server.Requests, Has.Count.EqualTo(1));
    }

    private KubernetesApi Api(LoopbackServer server, KubernetesApiOptions? options = null) =>
        new("here", server, options ?? ClientOptions.Default, _time, TestMetrics.Create().Requests);

    private sealed class Fixed(ClusterConnection connection) : IConnectionSource
    {
        public ValueTask<ClusterConnection> GetAsync(CancellationToken cancellationToken) => ValueTask.FromResult(connection);
    }
}

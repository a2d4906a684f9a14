using System.Net;
using NUnit.Framework;
using ServiceProviderOcm.Tests.Peers.Charts;
using ServiceProviderOcm.Tests.Peers.Processes;
using ServiceProviderOcm.Tests.Support.Certificates;

namespace ServiceProviderOcm.Tests.Peers;

/// <summary>The registry that other cases install from: it has a private CA and a password, and the chart is what Helm pushes.</summary>
[Category("Peers")]
[Needs(Peer.Registry)]
public sealed class RegistryCases
{
    private const string Version = "1.0.0";

    private DirectoryInfo _folder = null!;
    private ChartRegistry? _registry;

    [SetUp]
    public async Task Start()
    {
        _folder = Directory.CreateTempSubdirectory("service-provider-ocm-registry-");
        _registry = await ChartRegistry.StartAsync(PeerBinaries.Current, _folder.FullName);
    }

    [TearDown]
    public async Task Stop()
    {
        if (_registry is not null)
        {
            await _registry.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    [Test]
    public async Task A_chart_that_was_pushed_is_pulled_unchanged()
    {
        var digest = await _registry!.PushAsync(Version);

        using var client = _registry.Open(isAnonymous: false);
        var pulled = await client.PullAsync(ChartRegistry.Repository, Version);

        Assert.That((pulled.Digest, pulled.MediaType), Is.EqualTo((digest, "application/vnd.cncf.helm.chart.content.v1.tar+gzip")));
        Assert.That(pulled.Archive, Is.EqualTo(new ChartPackage(Version).Archive));
    }

    [Test]
    public async Task Without_the_password_nothing_is_pulled()
    {
        await _registry!.PushAsync(Version);

        using var client = _registry.Open(isAnonymous: true);
        var error = await Assert.ThrowsAsync<HttpRequestException>(() => client.PullAsync(ChartRegistry.Repository, Version));

        Assert.That(error!.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task Without_the_private_CA_nothing_is_pulled()
    {
        await _registry!.PushAsync(Version);

        using var client = _registry.Open(isAnonymous: false, new TestPki("another CA").Pem);
        var error = await Assert.ThrowsAsync<HttpRequestException>(() => client.PullAsync(ChartRegistry.Repository, Version));

        Assert.That(error!.HttpRequestError, Is.EqualTo(HttpRequestError.SecureConnectionError));
    }

    [Test]
    public async Task A_missing_tag_is_reported_as_an_unknown_manifest()
    {
        await _registry!.PushAsync(Version);

        using var client = _registry.Open(isAnonymous: false);
        var error = await Assert.ThrowsAsync<HttpRequestException>(() => client.PullAsync(ChartRegistry.Repository, "9.9.9"));

        Assert.That(error!.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(error.Message, Does.Contain("MANIFEST_UNKNOWN"));
    }
}

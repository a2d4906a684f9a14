using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Kubeconfig;
using ServiceProviderOcm.Tests.Support.Certificates;
using ServiceProviderOcm.Tests.Support.Connections;
using ServiceProviderOcm.Tests.Support.Files;
using ServiceProviderOcm.Tests.Support.Http;

namespace ServiceProviderOcm.Tests.Kubernetes.Kubeconfig;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class InClusterSourceTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly TestPki _pki = new();
    private readonly TestFolder _folder = new();

    public InClusterSourceTests()
    {
        _folder.Write("token", "first\n");
        _folder.Write("ca.crt", _pki.Pem);
    }

    public void Dispose() => _folder.Dispose();

    [Test]
    public async Task The_service_account_s_token_is_sent_as_it_rotates()
    {
        using var server = new TestServer(_pki.Server());
        using var source = Source("127.0.0.1", server.Port.ToString(CultureInfo.InvariantCulture));

        await source.AskAsync();
        _folder.Write("token", "second\n");
        _time.Advance(TimeSpan.FromSeconds(10));
        await source.AskAsync();

        Assert.That(string.Join(", ", server.Requests.Select(request => request.Authorization)), Is.EqualTo("Bearer first, Bearer second"));
    }

    [TestCase("10.0.0.1", "https://10.0.0.1/")]
    [TestCase("fd00::1", "https://[fd00::1]/")]
    [TestCase("[fd00::1]", "https://[fd00::1]/")]
    [TestCase("kubernetes.default.svc", "https://kubernetes.default.svc/")]
    public async Task The_host_comes_from_the_environment(string host, string expected)
    {
        using var source = Source(host, "443");

        Assert.That((await source.GetAsync()).BaseUri.AbsoluteUri, Is.EqualTo(expected));
    }

    [Test]
    public async Task A_renewed_authority_supersedes_the_connection()
    {
        using var source = Source("10.0.0.1", "443");
        var old = await source.GetAsync();

        _folder.Write("ca.crt", new TestPki("next").Pem);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.That(await source.GetAsync(), Is.Not.SameAs(old));
        Assert.That(old.Superseded.IsCancellationRequested);
    }

    [Test]
    public void A_missing_authority_is_named()
    {
        File.Delete(_folder["ca.crt"]);
        using var source = Source("10.0.0.1", "443");

        Assert.That(() => source.GetAsync(), Throws.TypeOf<KubeconfigException>().With.Message.Contains("ca.crt"));
    }

    [Test]
    public void A_bad_address_is_named()
    {
        using var source = Source("10.0.0.1", "many");

        Assert.That(() => source.GetAsync(), Throws.TypeOf<KubeconfigException>().With.Message.Contains("KUBERNETES_SERVICE_PORT"));
    }

    private InClusterSource Source(string host, string port)
    {
        var options = new ConnectionOptions
        {
            ServiceAccountDirectory = _folder.Root,
            Environment = name => name switch
            {
                "KUBERNETES_SERVICE_HOST" => host,
                "KUBERNETES_SERVICE_PORT" => port,
                _ => null,
            },
        };

        return new InClusterSource(options, _time, NullLogger<InClusterSource>.Instance);
    }
}

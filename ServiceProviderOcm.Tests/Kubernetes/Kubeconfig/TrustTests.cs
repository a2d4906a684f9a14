using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Kubeconfig;
using ServiceProviderOcm.Tests.Support.Certificates;
using ServiceProviderOcm.Tests.Support.Connections;
using ServiceProviderOcm.Tests.Support.Http;
using static ServiceProviderOcm.Tests.Support.Connections.TestConnections;

namespace ServiceProviderOcm.Tests.Kubernetes.Kubeconfig;

/// <summary>Which servers are trusted, and which certificates are presented to them, as by Go.</summary>
public sealed class TrustTests
{
    private readonly TestPki _root = new("root");

    [Test]
    public async Task An_intermediate_is_a_trust_anchor([Values] bool sendsChain)
    {
        var intermediate = _root.Intermediate("intermediate");

        Assert.That(await AskAsync(intermediate, intermediate.Data, sendsChain ? [intermediate, _root] : []), Is.EqualTo(200));
    }

    [Test]
    public async Task A_root_is_a_trust_anchor_for_what_its_intermediates_issue()
    {
        var intermediate = _root.Intermediate("intermediate");

        Assert.That(await AskAsync(intermediate, _root.Data, [intermediate]), Is.EqualTo(200));
    }

    [Test]
    public void A_chain_without_its_intermediate_is_not_trusted() =>
        NotTrusted(_root.Intermediate("intermediate"), _root.Data, []);

    [Test]
    public async Task A_certificate_of_the_bundle_that_the_server_presents_is_trusted()
    {
        using var server = new TestServer(_root.Server());
        using var source = Source(server, TestPki.Base64(server.CertificatePem));

        Assert.That(await source.AskAsync(), Is.EqualTo(200));
    }

    [Test]
    public void What_another_key_signed_in_the_name_of_an_anchor_is_not_trusted([Values] bool isIntermediate)
    {
        var genuine = isIntermediate ? _root.Intermediate("intermediate") : _root;
        var forged = isIntermediate ? new TestPki("root").Intermediate("intermediate") : new TestPki("root");

        NotTrusted(forged, genuine.Data, []);
        NotTrusted(forged, genuine.Data, [forged]);
        NotTrusted(forged, genuine.Data, [genuine]);
    }

    [Test]
    public void What_a_forged_intermediate_issued_is_not_trusted()
    {
        var forged = new TestPki("root").Intermediate("intermediate");

        NotTrusted(forged, _root.Data, [forged]);
        NotTrusted(forged, _root.Data, [forged, _root]);
    }

    [Test]
    public void A_certificate_that_is_no_authority_issues_nothing()
    {
        var leaf = _root.Intermediate("leaf", isAuthority: false);

        NotTrusted(leaf, _root.Data, [leaf]);
    }

    [Test]
    public void An_expired_certificate_is_not_trusted()
    {
        using var server = new TestServer(_root.Server(age: TimeSpan.FromDays(5)));
        using var source = Source(server, _root.Data);

        Assert.That(() => source.AskAsync(), Throws.TypeOf<HttpRequestException>());
    }

    [Test]
    public void The_common_name_is_no_name_of_a_server()
    {
        using var server = new TestServer(_root.Server(hasAlternativeNames: false, name: "localhost"));
        using var source = new KubeconfigSecretSource("it", ClientOptions.Connection);
        source.Update(Config($"server: 'https://localhost:{server.Port}', certificate-authority-data: {_root.Data}"));

        Assert.That(() => source.AskAsync(), Throws.TypeOf<HttpRequestException>());
    }

    [Test]
    public async Task A_bundle_may_have_unreadable_certificates()
    {
        var bundle = $"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n{_root.Pem}\n-----BEGIN CERTIFICATE-----\n";
        using var server = new TestServer(_root.Server());
        using var source = Source(server, TestPki.Base64(bundle));

        Assert.That(await source.AskAsync(), Is.EqualTo(200));
    }

    [Test]
    public async Task The_whole_chain_of_a_client_certificate_is_presented()
    {
        var intermediate = _root.Intermediate("intermediate");
        var pair = intermediate.Client("someone");
        using var server = new TestServer(_root.Server());
        using var source = new KubeconfigSecretSource("it", ClientOptions.Connection);
        source.Update(Config(
            $"server: '{server.Url}', certificate-authority-data: {_root.Data}",
            $"client-certificate-data: {TestPki.Base64(pair.CertificatePem + "\n" + intermediate.Pem)}, client-key-data: {pair.KeyData}"));

        await source.AskAsync();

        Assert.That((server.Last.ClientSubject, server.Last.ClientChain), Is.EqualTo(("CN=someone", "CN=intermediate")));
    }

    private static void NotTrusted(TestPki issuer, string bundle, TestPki[] sent) =>
        Assert.That(() => AskAsync(issuer, bundle, sent), Throws.TypeOf<HttpRequestException>());

    private static async Task<int> AskAsync(TestPki issuer, string bundle, TestPki[] sent)
    {
        using var server = new TestServer(issuer.Server(), [.. sent.Select(pki => pki.Certificate)]);
        using var source = Source(server, bundle);
        return await source.AskAsync();
    }

    private static KubeconfigSecretSource Source(TestServer server, string bundle)
    {
        var source = new KubeconfigSecretSource("it", ClientOptions.Connection);
        source.Update(Config($"server: '{server.Url}', certificate-authority-data: {bundle}"));
        return source;
    }
}

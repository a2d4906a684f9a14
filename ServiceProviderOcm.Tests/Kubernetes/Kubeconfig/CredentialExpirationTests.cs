using System.Buffers.Text;
using System.Text;
using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Kubeconfig;
using ServiceProviderOcm.Tests.Support.Certificates;
using static ServiceProviderOcm.Tests.Support.Connections.TestConnections;

namespace ServiceProviderOcm.Tests.Kubernetes.Kubeconfig;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class CredentialExpirationTests : IDisposable
{
    private const string Anywhere = "server: https://one.example";

    private static readonly DateTimeOffset In2030 = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly CredentialExpirations _expirations = new();
    private readonly KubeconfigSecretSource _source;

    public CredentialExpirationTests() =>
        _source = new KubeconfigSecretSource("Secret a/b", ClientOptions.Connection with { Expirations = _expirations });

    public void Dispose() => _source.Dispose();

    [TestCase("""{"exp":1893456000}""", ExpectedResult = true)]
    [TestCase("""{"exp":"1893456000"}""", ExpectedResult = false)]
    [TestCase("""{"exp":99999999999999}""", ExpectedResult = false)]
    [TestCase("""{"exp":-1}""", ExpectedResult = false)]
    [TestCase("""{}""", ExpectedResult = false)]
    [TestCase("""[]""", ExpectedResult = false)]
    [TestCase("""{""", ExpectedResult = false)]
    [TestCase("", ExpectedResult = false)]
    public bool A_token_expires_when_its_claims_say(string claims)
    {
        _source.Update(Config(Anywhere, $"token: {Token(claims)}"));

        Assert.That(_expirations.Earliest, Is.Null.Or.EqualTo(In2030));
        return _expirations.Earliest is not null;
    }

    [TestCase("abc")]
    [TestCase("a.b")]
    [TestCase("a.~.c")]
    public void A_token_without_claims_has_no_known_expiration(string token)
    {
        _source.Update(Config(Anywhere, $"token: '{token}'"));

        Assert.That(_expirations.Earliest, Is.Null);
    }

    [Test]
    public void A_client_certificate_that_expires_before_the_token_counts()
    {
        var pki = new TestPki();
        var pair = pki.Client("someone");
        _source.Update(Config(
            Anywhere, $$"""token: {{Token("""{"exp":1893456000}""")}}, client-certificate-data: {{pair.CertificateData}}, client-key-data: {{pair.KeyData}}"""));

        Assert.That(_expirations.Earliest, Is.LessThan(TimeProvider.System.GetUtcNow().AddDays(3)));
    }

    [Test]
    public void A_renewed_kubeconfig_replaces_the_expiration_and_a_closed_connection_has_none()
    {
        _source.Update(Config(Anywhere, $$"""token: {{Token("""{"exp":1800000000}""")}}"""));
        _source.Update(Config(Anywhere, $$"""token: {{Token("""{"exp":1893456000}""")}}"""));
        Assert.That(_expirations.Earliest, Is.EqualTo(In2030));

        _source.Dispose();
        Assert.That(_expirations.Earliest, Is.Null);
    }

    private static string Token(string claims) => $"e30.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}.c2ln";
}

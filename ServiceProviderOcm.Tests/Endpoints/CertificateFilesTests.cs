using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using ServiceProviderOcm.Tests.Support.Certificates;
using ServiceProviderOcm.Tests.Support.Files;
using ServiceProviderOcm.Tests.Support.Logs;
using ServiceProviderOcm.Worker.Endpoints;
using ServiceProviderOcm.Worker.Lifetime;

namespace ServiceProviderOcm.Tests.Endpoints;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class CertificateFilesTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly TestPki _pki = new();
    private readonly FakeTimeProvider _time = new();
    private readonly RecordingLogger<CertificateFiles> _log = new();

    [Test]
    public void Certificates_are_read_again_when_the_symbolic_link_to_their_folder_changes()
    {
        Write("..1", _pki.Client("first"));
        Write("..2", _pki.Client("second"));
        File.CreateSymbolicLink(_folder["..data"], "..1");
        File.CreateSymbolicLink(_folder["tls.crt"], Path.Combine("..data", "tls.crt"));
        File.CreateSymbolicLink(_folder["tls.key"], Path.Combine("..data", "tls.key"));
        var files = Open("");
        var first = files.Current.TargetCertificate.Thumbprint;

        File.Delete(_folder["..data"]);
        File.CreateSymbolicLink(_folder["..data"], "..2");
        Assert.That(files.Current.TargetCertificate.Thumbprint, Is.EqualTo(first), "read at most once a second");

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(files.Current.TargetCertificate.Thumbprint, Is.Not.EqualTo(first));
        Assert.That(_log.Lines, Has.One.StartsWith("Information: Renewed the certificate"));
    }

    [Test]
    public void An_invalid_pair_is_logged_once_and_the_last_valid_pair_stays_in_use()
    {
        var good = _pki.Client("good");
        Write("", good);
        var files = Open("");
        var before = files.Current.TargetCertificate.Thumbprint;

        // The new certificate is there already, its key is not yet.
        Write("", new ClientPair(_pki.Client("other").CertificatePem, good.KeyPem));
        for (var read = 0; read < 3; read++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            Assert.That(files.Current.TargetCertificate.Thumbprint, Is.EqualTo(before));
        }

        Assert.That(_log.Lines, Has.One.StartsWith("Warning: Cannot reload the certificate for metrics"));
        Assert.That(_log.Lines, Has.None.Contains("BEGIN"));

        Write("", _pki.Client("next"));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(files.Current.TargetCertificate.Thumbprint, Is.Not.EqualTo(before));
    }

    [Test]
    public void A_pair_that_disappears_stays_in_use()
    {
        Write("", _pki.Client("good"));
        var files = Open("");
        File.Delete(_folder["tls.key"]);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(files.Current.TargetCertificate.HasPrivateKey);
        Assert.That(_log.Lines, Has.One.Contains("tls.key"));
    }

    [Test]
    public void Missing_certificate_files_are_a_usage_error()
    {
        var error = Assert.Throws<EndpointException>(() => Open("missing"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(error!.Message, Does.Contain("--metrics-cert-path").And.Contain(Path.Combine("missing", "tls.crt")));
            Assert.That(error.ExitCode, Is.EqualTo(ExitCodes.Usage));
        }
    }

    [TestCase("")]
    [TestCase("nothing")]
    [TestCase("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")]
    public void Files_that_are_not_a_certificate_and_its_key_are_a_usage_error(string certificate)
    {
        Write("", _pki.Client("good") with { CertificatePem = certificate });
        var error = Assert.Throws<EndpointException>(() => Open(""));
        Assert.That(error!.Message, Does.Contain("not a certificate and its key"));
    }

    public void Dispose() => _folder.Dispose();

    private CertificateFiles Open(string folder) => new(
        Path.Combine(_folder.Root, folder, "tls.crt"), Path.Combine(_folder.Root, folder, "tls.key"), _time, _log);

    private void Write(string folder, ClientPair pair)
    {
        _folder.Write(Path.Combine(folder, "tls.crt"), pair.CertificatePem);
        _folder.Write(Path.Combine(folder, "tls.key"), pair.KeyPem);
    }
}

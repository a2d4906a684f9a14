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
    public void Follows_a_folder_that_is_swapped_by_a_symbolic_link()
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
        Assert.That(files.Current.TargetCertificate.Thumbprint, Is.EqualTo(first), "looked at no more than once a second");

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(files.Current.TargetCertificate.Thumbprint, Is.Not.EqualTo(first));
        Assert.That(_log.Lines, Has.One.StartsWith("Information: Renewed the certificate"));
    }

    [Test]
    public void Keeps_the_last_good_pair_and_says_once_why()
    {
        var good = _pki.Client("good");
        Write("", good);
        var files = Open("");
        var before = files.Current.TargetCertificate.Thumbprint;

        // The new certificate is there already, its key is not yet.
        Write("", new ClientPair(_pki.Client("other").CertificatePem, good.KeyPem));
        for (var look = 0; look < 3; look++)
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
    public void Missing_files_are_a_fault_of_the_settings()
    {
        var fault = Assert.Throws<EndpointException>(() => Open("missing"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(fault!.Message, Does.Contain("--metrics-cert-path").And.Contain(Path.Combine("missing", "tls.crt")));
            Assert.That(fault.ExitCode, Is.EqualTo(ExitCodes.Usage));
        }
    }

    [TestCase("")]
    [TestCase("nothing")]
    [TestCase("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")]
    public void Files_that_are_no_pair_are_a_fault_of_the_settings(string certificate)
    {
        Write("", _pki.Client("good") with { CertificatePem = certificate });
        var fault = Assert.Throws<EndpointException>(() => Open(""));
        Assert.That(fault!.Message, Does.Contain("not a certificate and its key"));
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

using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using ServiceProviderOcm.Worker.Lifetime;

namespace ServiceProviderOcm.Worker.Endpoints;

/// <summary>
/// A certificate and its key in PEM files that another process renews. A new connection reads them again, at most once a second.
/// They are not watched, because watches miss volumes of Kubernetes, which replaces a symbolic link. While the files are invalid, the last
/// valid pair stays in use. Thread-safe.
/// </summary>
internal sealed partial class CertificateFiles
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly string _certificateFile;
    private readonly string _keyFile;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private SslStreamCertificateContext _current;
    private Pair _loaded;
    private string? _lastError;
    private long _readAt;

    /// <summary>Reads the files for the first time.</summary>
    /// <exception cref="EndpointException">They cannot be used.</exception>
    public CertificateFiles(string certificateFile, string keyFile, TimeProvider time, ILogger<CertificateFiles> logger)
    {
        _certificateFile = certificateFile;
        _keyFile = keyFile;
        _time = time;
        _logger = logger;
        _readAt = time.GetTimestamp();
        try
        {
            _loaded = Read();
            _current = Load(_loaded);
        }
        catch (Exception exception) when (IsUnusable(exception))
        {
            throw new EndpointException($"--metrics-cert-path: {Error(exception)} Set it to the directory of both files.", ExitCodes.Usage);
        }
    }

    /// <summary>The newest valid pair.</summary>
    public SslStreamCertificateContext Current
    {
        get
        {
            lock (_lock)
            {
                if (_time.GetElapsedTime(_readAt) >= Pace)
                {
                    _readAt = _time.GetTimestamp();
                    Reload();
                }

                return _current;
            }
        }
    }

    private void Reload()
    {
        try
        {
            var found = Read();
            if (found == _loaded)
            {
                return;
            }

            _current = Load(found);
            _loaded = found;
            _lastError = null;
            LogRenewed(_certificateFile, _current.TargetCertificate.NotAfter.ToUniversalTime());
        }
        catch (Exception exception) when (IsUnusable(exception))
        {
            var error = Error(exception);
            if (_lastError != error)
            {
                _lastError = error;
                LogUnusable(error);
            }
        }
    }

    private Pair Read() => new(File.ReadAllText(_certificateFile), File.ReadAllText(_keyFile));

    private static SslStreamCertificateContext Load(Pair pair)
    {
        var certificate = X509Certificate2.CreateFromPem(pair.Certificate, pair.Key);
        var intermediates = new X509Certificate2Collection();
        intermediates.ImportFromPem(pair.Certificate);
        intermediates.RemoveAt(0);
        return SslStreamCertificateContext.Create(certificate, intermediates, offline: true);
    }

    private static bool IsUnusable(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException;

    // The messages of those who read files name the file; those of the others say little, and might quote a key.
    private string Error(Exception exception) => exception is IOException or UnauthorizedAccessException
        ? exception.Message
        : $"{_certificateFile} and {_keyFile} are not a certificate and its key, without a passphrase, in PEM form.";

    [LoggerMessage(LogLevel.Information, "Renewed the certificate of {File}, valid until {NotAfter:u}")]
    private partial void LogRenewed(string file, DateTime notAfter);

    [LoggerMessage(LogLevel.Warning, "Cannot reload the certificate for metrics, the last one stays in use: {Error}")]
    private partial void LogUnusable(string error);

    private sealed record Pair(string Certificate, string Key)
    {
        public override string ToString() => nameof(Pair);
    }
}

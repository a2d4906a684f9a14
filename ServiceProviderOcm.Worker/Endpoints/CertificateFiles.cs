using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using ServiceProviderOcm.Worker.Lifetime;

namespace ServiceProviderOcm.Worker.Endpoints;

/// <summary>
/// A certificate and its key in PEM files, renewed by somebody else. The files are read again at most once a second, and only
/// when somebody connects: watching them does not work where a folder is swapped by a symbolic link, as Kubernetes does it.
/// A pair that cannot be used leaves the last good one in use. Thread-safe.
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
    private Pair _seen;
    private string? _lastProblem;
    private long _lookedAt;

    /// <summary>Reads the files for the first time.</summary>
    /// <exception cref="EndpointException">They cannot be used.</exception>
    public CertificateFiles(string certificateFile, string keyFile, TimeProvider time, ILogger<CertificateFiles> logger)
    {
        _certificateFile = certificateFile;
        _keyFile = keyFile;
        _time = time;
        _logger = logger;
        _lookedAt = time.GetTimestamp();
        try
        {
            _seen = Read();
            _current = Load(_seen);
        }
        catch (Exception exception) when (IsUnusable(exception))
        {
            throw new EndpointException($"--metrics-cert-path: {Problem(exception)} Set it to the directory of both files.", ExitCodes.Usage);
        }
    }

    /// <summary>The newest valid pair.</summary>
    public SslStreamCertificateContext Current
    {
        get
        {
            lock (_lock)
            {
                if (_time.GetElapsedTime(_lookedAt) >= Pace)
                {
                    _lookedAt = _time.GetTimestamp();
                    Look();
                }

                return _current;
            }
        }
    }

    private void Look()
    {
        try
        {
            var found = Read();
            if (found == _seen)
            {
                return;
            }

            _current = Load(found);
            _seen = found;
            _lastProblem = null;
            LogRenewed(_certificateFile, _current.TargetCertificate.NotAfter.ToUniversalTime());
        }
        catch (Exception exception) when (IsUnusable(exception))
        {
            var problem = Problem(exception);
            if (_lastProblem != problem)
            {
                _lastProblem = problem;
                LogUnusable(problem);
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
    private string Problem(Exception exception) => exception is IOException or UnauthorizedAccessException
        ? exception.Message
        : $"{_certificateFile} and {_keyFile} are not a certificate and its key, without a passphrase, in PEM form.";

    [LoggerMessage(LogLevel.Information, "Renewed the certificate of {File}, valid until {NotAfter:u}")]
    private partial void LogRenewed(string file, DateTime notAfter);

    [LoggerMessage(LogLevel.Warning, "Cannot reload the certificate for metrics, the last one stays in use: {Problem}")]
    private partial void LogUnusable(string problem);

    private sealed record Pair(string Certificate, string Key)
    {
        public override string ToString() => nameof(Pair);
    }
}

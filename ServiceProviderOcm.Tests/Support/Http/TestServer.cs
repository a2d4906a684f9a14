using System.Collections.Concurrent;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace ServiceProviderOcm.Tests.Support.Http;

/// <summary>A TLS server on the loopback address that answers each request with the same status and hangs up.</summary>
internal sealed class TestServer : IDisposable
{
    private readonly LoopbackListener _listener;
    private readonly X509Certificate2 _certificate;
    private readonly SslStreamCertificateContext? _context;
    private string _clientChain = "";

    /// <param name="certificate">The certificate.</param>
    /// <param name="chain">What is presented behind it.</param>
    public TestServer(X509Certificate2 certificate, X509Certificate2Collection? chain = null)
    {
        _certificate = certificate;
        _context = chain is { Count: > 0 } ? SslStreamCertificateContext.Create(certificate, chain, offline: true) : null;
        _listener = new LoopbackListener(ServeAsync);
    }

    public string Status { get; set; } = "200 OK";

    public ConcurrentQueue<SeenRequest> Requests { get; } = new();

    public int Port => _listener.Port;

    public string CertificatePem => _certificate.ExportCertificatePem();

    public string Url => $"https://127.0.0.1:{Port}";

    public SeenRequest Last => Requests.Last();

    public void Dispose()
    {
        _listener.Dispose();
        _certificate.Dispose();
    }

    public static async Task<(string Line, Dictionary<string, string> Headers)> ReadHeadAsync(Stream stream)
    {
        var head = new List<byte>();
        var one = new byte[1];
        while (!head[^Math.Min(4, head.Count)..].SequenceEqual("\r\n\r\n"u8.ToArray()))
        {
            await stream.ReadExactlyAsync(one);
            head.Add(one[0]);
        }

        var lines = Encoding.ASCII.GetString([.. head]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var headers = lines[1..].Select(line => line.Split(": ", 2)).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
        return (lines[0], headers);
    }

    private async Task ServeAsync(NetworkStream stream)
    {
        await using var tls = new SslStream(stream);
        string? askedName = null;
        await tls.AuthenticateAsServerAsync((_, hello, _, _) =>
        {
            askedName = hello.ServerName;
            return ValueTask.FromResult(Options());
        }, null);

        var (line, headers) = await ReadHeadAsync(tls);
        Requests.Enqueue(new SeenRequest(line, headers, tls.RemoteCertificate?.Subject, askedName) { ClientChain = _clientChain });
        await tls.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {Status}\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}"));
    }

    private SslServerAuthenticationOptions Options() => new()
    {
        ServerCertificate = _context is null ? _certificate : null,
        ServerCertificateContext = _context,
        ClientCertificateRequired = true,
        RemoteCertificateValidationCallback = (_, certificate, chain, _) =>
        {
            _clientChain = string.Join(", ", chain?.ChainPolicy.ExtraStore.Select(each => each.Subject) ?? []);
            return certificate is null || certificate.Subject.Length > 0;
        },
    };
}

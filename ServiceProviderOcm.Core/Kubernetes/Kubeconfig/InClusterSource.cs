using Microsoft.Extensions.Logging;
using ServiceProviderOcm.Core.Kubernetes.Client;

namespace ServiceProviderOcm.Core.Kubernetes.Kubeconfig;

/// <summary>
/// Connects a pod to the cluster it runs in, as its service account, with the current token and certificate authority.
/// </summary>
public sealed class InClusterSource : IConnectionSource, IDisposable
{
    private const string HostVariable = "KUBERNETES_SERVICE_HOST";
    private const string PortVariable = "KUBERNETES_SERVICE_PORT";

    private readonly ReloadingConnection _connection;

    /// <summary>Uses the service account of this pod.</summary>
    public InClusterSource(ConnectionOptions options, TimeProvider timeProvider, ILogger<InClusterSource> logger) =>
        _connection = new ReloadingConnection(
            () => Read(options), new ConnectionFactory(options), timeProvider, logger);

    /// <inheritdoc/>
    public ValueTask<ClusterConnection> GetAsync(CancellationToken cancellationToken) => _connection.GetAsync(cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    internal static bool IsAvailable(ConnectionOptions options) =>
        !string.IsNullOrEmpty(options.Environment(HostVariable)) && !string.IsNullOrEmpty(options.Environment(PortVariable));

    private static ConnectionSettings Read(ConnectionOptions options) => new()
    {
        Server = Server(options),
        CertificateAuthorityPem = Authority(Path.Combine(options.ServiceAccountDirectory, "ca.crt")),
        TokenFile = Path.Combine(options.ServiceAccountDirectory, "token"),
    };

    private static Uri Server(ConnectionOptions options)
    {
        var host = options.Environment(HostVariable) ?? "";
        var bracketed = host.Contains(':') && !host.StartsWith('[') ? $"[{host}]" : host;
        return Uri.TryCreate($"https://{bracketed}:{options.Environment(PortVariable)}/", UriKind.Absolute, out var server)
            ? server
            : throw new KubeconfigException($"{HostVariable} and {PortVariable} must name the API server, as they do in each pod");
    }

    private static string Authority(string file)
    {
        try
        {
            var pem = ConfigFile.Read(file);
            return Certificates.IsBundle(pem) ? pem : throw new KubeconfigException($"{file}: holds no readable PEM certificate");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new KubeconfigException($"{file}: cannot be read; check that automountServiceAccountToken is not false");
        }
    }
}

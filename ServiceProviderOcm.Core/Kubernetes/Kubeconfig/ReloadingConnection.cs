using Microsoft.Extensions.Logging;
using ServiceProviderOcm.Core.Kubernetes.Client;

namespace ServiceProviderOcm.Core.Kubernetes.Kubeconfig;

/// <summary>Keeps a connection up to date with its settings, which it reads at most once a second.</summary>
internal sealed partial class ReloadingConnection(
    Func<ConnectionSettings> read, ConnectionFactory factory, TimeProvider timeProvider, ILogger logger) : IDisposable
{
    private static readonly TimeSpan ReadInterval = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private long? _readAt;
    private string? _error;
    private ConnectionSettings? _settings;
    private ConnectionSettings? _connectedAs;
    private ClusterConnection? _connection;
    private ClusterConnection? _superseded;
    private IRotatingCredential? _credential;

    public async ValueTask<ClusterConnection> GetAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            Read();
            var settings = _settings ?? throw new KubeconfigException(_error!);
            return Connect(await WithIssuedCertificateAsync(settings, cancellationToken));
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose()
    {
        _connection?.Dispose();
        _superseded?.Dispose();
        _gate.Dispose();
    }

    private void Read()
    {
        if (_readAt is { } readAt && timeProvider.GetElapsedTime(readAt) < ReadInterval)
        {
            return;
        }

        _readAt = timeProvider.GetTimestamp();
        try
        {
            Adopt(read());
            _error = null;
        }
        catch (KubeconfigException exception)
        {
            if (_settings is not null && _error != exception.Message)
            {
                LogKept(exception.Message);
            }

            _error = exception.Message;
        }
    }

    private void Adopt(ConnectionSettings settings)
    {
        if (settings != _settings)
        {
            _settings = settings;
            _credential = CredentialFor(settings);
        }
    }

    private IRotatingCredential? CredentialFor(ConnectionSettings settings) => settings switch
    {
        { TokenFile: { } path } => new TokenFile(path, settings.Token, timeProvider),
        { Exec: { } exec } => new ExecPlugin(exec, timeProvider),
        _ => null,
    };

    private async ValueTask<ConnectionSettings> WithIssuedCertificateAsync(ConnectionSettings settings, CancellationToken cancellationToken)
    {
        if (_credential is not ExecPlugin plugin)
        {
            return settings;
        }

        var issued = await plugin.GetAsync(cancellationToken);
        return issued.ClientCertificatePem is null
            ? settings
            : settings with { ClientCertificatePem = issued.ClientCertificatePem, ClientKeyPem = issued.ClientKeyPem };
    }

    private ClusterConnection Connect(ConnectionSettings settings)
    {
        if (_connection is { } current && settings == _connectedAs)
        {
            return current;
        }

        var next = factory.Open(settings, _credential);
        _connection?.Supersede();

        // Requests under way may finish; none takes as long as it takes until the settings change again.
        _superseded?.Dispose();
        _superseded = _connection;
        _connectedAs = settings;
        return _connection = next;
    }

    [LoggerMessage(LogLevel.Warning, "Cannot use the new connection settings, the previous connection stays in use: {Error}")]
    private partial void LogKept(string error);
}

using Microsoft.Extensions.Logging;
using ServiceProviderOcm.Core.Kubernetes.Client;

namespace ServiceProviderOcm.Core.Kubernetes.Kubeconfig;

/// <summary>Keeps a connection that is as its settings say, looking at them once a second at most.</summary>
internal sealed partial class ConnectionFollower(
    Func<ConnectionSettings> read, ConnectionFactory factory, TimeProvider timeProvider, ILogger logger) : IDisposable
{
    private static readonly TimeSpan ReadInterval = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private long? _readAt;
    private string? _problem;
    private ConnectionSettings? _settings;
    private ConnectionSettings? _connectedAs;
    private ClusterConnection? _connection;
    private volatile IRotatingCredential? _credential;

    public async ValueTask<ClusterConnection> GetAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            Read();
            var settings = _settings ?? throw new KubeconfigException(_problem!);
            return Connect(await WithIssuedCertificateAsync(settings, cancellationToken));
        }
        finally
        {
            _gate.Release();
        }
    }

    public void ForgetCredentials() => _credential?.Forget();

    public void Dispose()
    {
        _connection?.Dispose();
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
            _problem = null;
        }
        catch (KubeconfigException exception)
        {
            if (_settings is not null && _problem != exception.Message)
            {
                LogKept(exception.Message);
            }

            _problem = exception.Message;
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
        _connectedAs = settings;
        return _connection = next;
    }

    [LoggerMessage(LogLevel.Warning, "The connection stays as it was, because its new settings cannot be used: {Problem}")]
    private partial void LogKept(string problem);
}

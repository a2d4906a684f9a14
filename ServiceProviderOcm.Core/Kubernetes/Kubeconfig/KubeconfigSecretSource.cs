using ServiceProviderOcm.Core.Kubernetes.Client;

namespace ServiceProviderOcm.Core.Kubernetes.Kubeconfig;

/// <summary>
/// Connects as a kubeconfig from a Secret says. It is not trusted: it may hold a server's https URL, certificates, keys and
/// tokens, and nothing that runs commands, reads files, goes through a proxy or weakens TLS.
/// </summary>
/// <param name="name">What messages call the kubeconfig, such as <c>Secret tenant/target, key kubeconfig</c>.</param>
/// <param name="options">The user agent and the handlers; nothing else is used.</param>
public sealed class KubeconfigSecretSource(string name, ConnectionOptions options) : IConnectionSource, IDisposable
{
    private readonly ConnectionFactory _factory = new(options);
    private readonly Lock _lock = new();
    private ConnectionSettings? _settings;
    private ClusterConnection? _connection;
    private ClusterConnection? _superseded;
    private bool _isDisposed;

    /// <inheritdoc/>
    public ReadShare? Share { get; set; }

    /// <summary>What the connection authenticates with, and messages must not show.</summary>
    internal IReadOnlyList<string> Credentials
    {
        get
        {
            lock (_lock)
            {
                return [.. new[] { _settings?.Token, _settings?.Password, _settings?.ClientKeyPem }.OfType<string>()];
            }
        }
    }

    /// <summary>Takes the kubeconfig as it is now. A new connection takes the old one's place if it says something else.</summary>
    /// <exception cref="KubeconfigException">It cannot be used, or says what it may not; the old connection stays.</exception>
    public void Update(string kubeconfigText)
    {
        var root = KubeconfigText.Parse(kubeconfigText, new ConfigOrigin(name, Directory: null), KubeconfigText.MaxLengthInSecret);
        UntrustedFields.Check(root);
        var settings = SettingsResolver.Resolve(new MergedConfig([root]), contextName: null);
        lock (_lock)
        {
            if (_isDisposed || settings == _settings)
            {
                return;
            }

            var next = _factory.Open(settings, credential: null, Share);
            _connection?.Supersede();

            // Requests under way may finish; none takes as long as it takes until the kubeconfig is renewed again.
            _superseded?.Dispose();
            (_settings, _connection, _superseded) = (settings, next, _connection);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="KubeconfigException">No kubeconfig has arrived yet.</exception>
    public ValueTask<ClusterConnection> GetAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return ValueTask.FromResult(
                _connection ?? throw new KubeconfigException($"{name}: no kubeconfig has arrived yet"));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _connection?.Dispose();
            _superseded?.Dispose();
        }
    }
}

using ServiceProviderOcm.Tests.Support.Certificates;

namespace ServiceProviderOcm.Tests.Servers;

/// <summary>kube-apiserver as a process, with its part of an etcd.</summary>
public sealed class RealCluster : TestCluster
{
    private readonly ApiServerSettings _settings;
    private GuardedProcess? _process;

    internal RealCluster(ApiServerSettings settings)
    {
        _settings = settings;
        settings.WriteFiles();
        Url = new Uri($"https://127.0.0.1:{settings.Port}/");
        AuditLog = new AuditLogFile(settings.AuditFile);
    }

    /// <inheritdoc/>
    public override string Name => _settings.Name;

    /// <inheritdoc/>
    public override Uri Url { get; }

    /// <inheritdoc/>
    public override string CaPem => _settings.Keys.Authority;

    /// <inheritdoc/>
    public override AuditLog AuditLog { get; }

    /// <inheritdoc/>
    protected override IReadOnlyList<ServerUser> Users => _settings.Users;

    internal override ClientPair CertificateOf(string user) => _settings.Keys.Users.Client(user);

    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_process is not null)
        {
            return;
        }

        _process = GuardedProcess.Start(_settings.CommandLine(), _settings.LogFile);
        using var http = CreateHttpClient(Admin, "readiness");
        await Readiness.WaitAsync($"kube-apiserver of {Name}", _process, http, "readyz", cancellationToken);
        await Readiness.WaitAsync($"kube-apiserver of {Name}", _process, http, "api/v1/namespaces/default", cancellationToken);
    }

    /// <inheritdoc/>
    public override async Task StopAsync()
    {
        if (_process is { } process)
        {
            _process = null;
            await process.DisposeAsync();
        }
    }
}

using ServiceProviderOcm.Sandbox.ApiServer;
using ServiceProviderOcm.Sandbox.ApiServer.Access;
using ServiceProviderOcm.Sandbox.ApiServer.Faults;
using ServiceProviderOcm.Tests.Support.Certificates;

namespace ServiceProviderOcm.Tests.Servers;

/// <summary>An API server inside the test process.</summary>
internal sealed class SandboxCluster : TestCluster
{
    private readonly TestPki _pki = new("users");
    private readonly SandboxServer _server;

    public SandboxCluster(string name, IReadOnlyList<ServerUser> users, TimeSpan? bookmarkInterval = null, bool hasWatchList = true)
    {
        Users = [ServerUser.Admin(), .. users];
        var options = new SandboxOptions(name, [.. Users.Select(user => new SandboxUser(user.Name, user.Token, user.Groups))])
        {
            UserAuthorityPem = _pki.Pem,
            HasWatchList = hasWatchList,
        };
        options = options with { BookmarkInterval = bookmarkInterval ?? options.BookmarkInterval };
        _server = new SandboxServer(options, TimeProvider.System);
        AuditLog = new SandboxAuditLog(_server.Requests);
    }

    /// <inheritdoc/>
    public override string Name => _server.Name;

    /// <inheritdoc/>
    public override Uri Url => _server.Url;

    /// <inheritdoc/>
    public override string CaPem => _server.CaPem;

    /// <inheritdoc/>
    public override AuditLog AuditLog { get; }

    /// <summary>Makes the server misbehave.</summary>
    public ServerFaults Faults => _server.Faults;

    /// <inheritdoc/>
    protected override IReadOnlyList<ServerUser> Users { get; }

    internal override ClientPair CertificateOf(string user) => _pki.Client(user);

    /// <summary>Makes the server drop its history.</summary>
    public void Compact() => _server.Compact();

    /// <inheritdoc/>
    public override Task StartAsync(CancellationToken cancellationToken) => _server.StartAsync(cancellationToken);

    /// <inheritdoc/>
    public override Task StopAsync() => _server.StopAsync();
}

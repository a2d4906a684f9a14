namespace ServiceProviderOcm.Tests.Faults;

/// <summary>The network in front of a server.</summary>
internal sealed class Link : IDisposable
{
    private readonly CancellationTokenSource _cut = new();

    /// <summary>Cancelled once the server cannot be reached any more.</summary>
    public CancellationToken Cut => _cut.Token;

    /// <summary>Makes the server unreachable, for good.</summary>
    public void Sever() => _cut.Cancel();

    public void Dispose() => _cut.Dispose();
}

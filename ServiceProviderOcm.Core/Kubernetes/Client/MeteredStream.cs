namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>A connection to a server. Charges what the server sends, while it is read.</summary>
internal sealed class MeteredStream(Stream connection, ReadShare share) : ObservedStream(connection)
{
    protected override void OnRead(ReadOnlySpan<byte> received) => share.Charge(received.Length);
}

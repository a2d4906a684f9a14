using System.Net;
using System.Net.Sockets;
using ServiceProviderOcm.Core.Kubernetes.Client;

namespace ServiceProviderOcm.Core.Kubernetes.Kubeconfig;

/// <summary>
/// Opens the connections below TLS and HTTP. What a server sends is charged there: what these protocols read and drop costs, too, such as
/// interim responses, frames without content, and chunk extensions. So do connections, which a server can end at any time.
/// </summary>
/// <param name="share">What is charged; null: nothing.</param>
internal sealed class Connector(ReadShare? share)
{
    /// <summary>How many bytes a connection counts as traffic.</summary>
    public const int ConnectionTraffic = 128 << 10;

    /// <summary>Connects as <see cref="SocketsHttpHandler"/> does by itself.</summary>
    /// <exception cref="TooLongException">The server has cost too much.</exception>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        share?.Charge(ConnectionTraffic);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            var stream = new NetworkStream(socket, ownsSocket: true);
            return share is null ? stream : new MeteredStream(stream, share);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Limits what waits to be sent over an HTTP/2 connection of <see cref="SocketsHttpHandler.PlaintextStreamFilter"/>.</summary>
    public ValueTask<Stream> LimitAnswersAsync(SocketsHttpPlaintextStreamFilterContext context, CancellationToken cancellationToken) =>
        ValueTask.FromResult(share is not null && context.NegotiatedHttpVersion == HttpVersion.Version20
            ? new AnsweringStream(context.PlaintextStream, share)
            : context.PlaintextStream);
}

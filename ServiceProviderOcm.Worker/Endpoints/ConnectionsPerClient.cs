using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace ServiceProviderOcm.Worker.Endpoints;

/// <summary>Limits the connections of one client address, and the requests over one connection. Thread-safe.</summary>
/// <param name="max">The maximum number of connections of one client address; further ones are closed before their TLS handshake.</param>
internal sealed class ConnectionsPerClient(int max)
{
    private static readonly object Requests = new();

    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, int> _open = [];

    /// <summary>The middleware of connections.</summary>
    public ConnectionDelegate Limit(ConnectionDelegate next) => async connection =>
    {
        var client = (connection.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;
        if (!TryOpen(client))
        {
            connection.Abort();
            return;
        }

        try
        {
            connection.Items[Requests] = new Counter();
            await next(connection);
        }
        finally
        {
            Close(client);
        }
    };

    /// <summary>The middleware of requests: closes a connection after its last allowed one.</summary>
    public static Task CountRequests(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<IConnectionItemsFeature>()?.Items.TryGetValue(Requests, out var found) is true
            && found is Counter requests
            && requests.Increment() >= EndpointLimits.MaxRequestsPerConnection)
        {
            context.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
        }

        return next(context);
    }

    /// <summary>Counts a connection; false if it is one too many.</summary>
    public bool TryOpen(IPAddress client)
    {
        lock (_lock)
        {
            var open = _open.GetValueOrDefault(client);
            if (open >= max)
            {
                return false;
            }

            _open[client] = open + 1;
            return true;
        }
    }

    /// <summary>Counts a connection that has ended.</summary>
    public void Close(IPAddress client)
    {
        lock (_lock)
        {
            if (--_open[client] == 0)
            {
                _open.Remove(client);
            }
        }
    }

    private sealed class Counter
    {
        private int _count;

        public int Increment() => Interlocked.Increment(ref _count);
    }
}

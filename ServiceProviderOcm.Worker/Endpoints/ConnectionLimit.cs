using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace ServiceProviderOcm.Worker.Endpoints;

/// <summary>
/// Limits the connections of an endpoint, and the requests over one connection. Clients cannot shut out others: one connection too many takes
/// the place of the oldest one of the client address that has most. Thread-safe.
/// </summary>
/// <param name="max">The maximum number of connections, half-open TLS handshakes included.</param>
internal sealed class ConnectionLimit(int max)
{
    private static readonly object Requests = new();

    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, LinkedList<Place>> _places = [];
    private int _taken;
    private long _last;

    /// <summary>The middleware of connections.</summary>
    public ConnectionDelegate Limit(ConnectionDelegate next) => async connection =>
    {
        var client = (connection.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;
        var place = new Place(Interlocked.Increment(ref _last), client, connection);
        Take(place)?.Connection.Abort();
        try
        {
            connection.Items[Requests] = new Counter();
            await next(connection);
        }
        finally
        {
            Leave(place);
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

    // Returns the one that must leave.
    private Place? Take(Place place)
    {
        lock (_lock)
        {
            if (!_places.TryGetValue(place.Client, out var own))
            {
                _places[place.Client] = own = [];
            }

            own.AddLast(place);
            if (++_taken <= max)
            {
                return null;
            }

            var oldest = _places.Values.MaxBy(places => (places.Count, -places.First!.Value.Number))!.First!.Value;
            Leave(oldest);
            return oldest;
        }
    }

    private void Leave(Place place)
    {
        lock (_lock)
        {
            if (_places.TryGetValue(place.Client, out var places) && places.Remove(place))
            {
                _taken--;
                if (places.Count == 0)
                {
                    _places.Remove(place.Client);
                }
            }
        }
    }

    private sealed record Place(long Number, IPAddress Client, ConnectionContext Connection);

    private sealed class Counter
    {
        private int _count;

        public int Increment() => Interlocked.Increment(ref _count);
    }
}

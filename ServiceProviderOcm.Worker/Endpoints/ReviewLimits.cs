using System.Net;
using ServiceProviderOcm.Core.Kubernetes.WorkQueue;

namespace ServiceProviderOcm.Worker.Endpoints;

/// <summary>
/// Limits how many unknown tokens are reviewed, over all clients and for each of them, so that one client cannot use up the share of the
/// others. Thread-safe.
/// </summary>
internal sealed class ReviewLimits(TimeProvider time)
{
    /// <summary>The number of reviews per second over all clients, on average.</summary>
    public const double PerSecond = 5;

    /// <summary>The number of reviews over all clients at once.</summary>
    public const int Burst = 20;

    /// <summary>The number of reviews per second for one client address, on average.</summary>
    public const double PerSecondOfClient = 1;

    /// <summary>The number of reviews for one client address at once.</summary>
    public const int BurstOfClient = 10;

    private const int MaxClients = 1000;

    private readonly Lock _lock = new();
    private readonly TokenBucket _all = new(PerSecond, Burst, time);
    private readonly LruMap<IPAddress, TokenBucket> _clients = new(MaxClients);

    /// <summary>Takes one review, or returns how long to wait for it.</summary>
    public bool TryTake(IPAddress? client, out TimeSpan wait)
    {
        lock (_lock)
        {
            var own = BucketOf(client ?? IPAddress.None);
            wait = own.Delay > _all.Delay ? own.Delay : _all.Delay;
            if (wait > TimeSpan.Zero)
            {
                return false;
            }

            own.Take();
            _all.Take();
            return true;
        }
    }

    private TokenBucket BucketOf(IPAddress client)
    {
        var address = client.IsIPv4MappedToIPv6 ? client.MapToIPv4() : client;
        if (!_clients.TryGet(address, out var bucket))
        {
            bucket = new TokenBucket(PerSecondOfClient, BurstOfClient, time);
            _clients.Set(address, bucket);
        }

        return bucket;
    }
}

using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ServiceProviderOcm.Worker.Endpoints;

/// <summary>What network clients may use of an endpoint.</summary>
internal static class EndpointLimits
{
    /// <summary>The maximum number of connections for probes: each is one of its own, or a few of the kubelet stay open.</summary>
    public const int HealthConnections = 128;

    /// <summary>The maximum number of connections for metrics, of a few scrapers.</summary>
    public const int MetricsConnections = 256;

    /// <summary>The time limit of a TLS handshake.</summary>
    public static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(5);

    /// <summary>The number of requests after which a connection is closed.</summary>
    public const int MaxRequestsPerConnection = 1000;

    private const int MaxStreams = 10;
    private const int MaxHeaders = 16 * 1024;
    private const int MaxRequestLine = 2 * 1024;

    private static readonly TimeSpan HeadersTimeout = TimeSpan.FromSeconds(5);

    // Longer than the usual interval of scrapes.
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(75);

    private static readonly MinDataRate DataRate = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));

    /// <summary>Applies the limits to a server.</summary>
    public static void Apply(KestrelServerLimits limits)
    {
        limits.MaxConcurrentUpgradedConnections = 0;
        limits.MaxRequestBodySize = 0;
        limits.MaxRequestLineSize = MaxRequestLine;
        limits.MaxRequestHeadersTotalSize = MaxHeaders;
        limits.MaxRequestHeaderCount = 50;
        limits.MaxRequestBufferSize = MaxRequestLine + MaxHeaders;
        limits.RequestHeadersTimeout = HeadersTimeout;
        limits.KeepAliveTimeout = IdleTimeout;
        limits.MinRequestBodyDataRate = DataRate;
        limits.MinResponseDataRate = DataRate;
        limits.Http2.MaxStreamsPerConnection = MaxStreams;
        limits.Http2.MaxRequestHeaderFieldSize = MaxHeaders;
        limits.Http2.InitialConnectionWindowSize = ushort.MaxValue;
        limits.Http2.InitialStreamWindowSize = ushort.MaxValue;
        limits.Http2.KeepAlivePingDelay = IdleTimeout;
        limits.Http2.KeepAlivePingTimeout = HeadersTimeout;
    }
}

namespace ServiceProviderOcm.Tests.Bench;

/// <summary>The latencies of well-behaved tenants.</summary>
internal sealed record NeighbourLatencies
{
    /// <summary>From a changed <c>spec</c> until it is applied to the platform cluster.</summary>
    public Latencies Applied { get; } = new();

    /// <summary>From Flux' Ready until the OCM is Ready.</summary>
    public Latencies Ready { get; } = new();

    /// <summary>How long the API server took to accept the change: what the machine itself can do at that time.</summary>
    public Latencies Server { get; } = new();

    /// <summary>From the accepted change until the API server has sent it in a watch of all OCMs.</summary>
    public Latencies Watch { get; } = new();
}

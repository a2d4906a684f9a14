namespace ServiceProviderOcm.Tests.Rollout;

/// <summary>How an OCM of a simulated fleet responds to updates.</summary>
internal sealed record Response
{
    /// <summary>Whether it is a canary.</summary>
    public bool IsCanary { get; init; }

    /// <summary>Whether it is Ready before the first update.</summary>
    public bool IsReadyBefore { get; init; } = true;

    /// <summary>How long it takes to become Ready, or to fail.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The revision at which it fails; null if it does not.</summary>
    public string? BadRevision { get; init; }

    /// <summary>Whether Flux reports the failure; otherwise, nothing is heard of it.</summary>
    public bool IsNoticed { get; init; }

    /// <summary>Whether its control plane is unreachable while it is not Ready.</summary>
    public bool IsUnreachable { get; init; }

    /// <summary>What else happens to it; null if nothing does.</summary>
    public Disruption? Disruption { get; init; }

    /// <summary>Whether it fails at a revision.</summary>
    public bool FailsAt(string revision) => BadRevision == revision || BadRevision == "any";
}

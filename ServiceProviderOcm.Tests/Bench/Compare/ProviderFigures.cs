namespace ServiceProviderOcm.Tests.Bench.Compare;

/// <summary>The figures of one provider.</summary>
public sealed record ProviderFigures
{
    /// <summary>From the creation of all OCMs until the last is Ready.</summary>
    public TimeSpan AllReady { get; init; }

    /// <summary>Requests per tenant until then.</summary>
    public (double Reads, double Writes) PerTenant { get; init; }

    /// <summary>Requests per tenant and hour while nothing happens.</summary>
    public double IdlePerTenantHour { get; init; }

    /// <summary>From an edited HelmRelease to its being as it was.</summary>
    public TimeSpan DriftReverted { get; init; }

    /// <summary>From a deleted OCIRepository to a new one.</summary>
    public TimeSpan DeletionReverted { get; init; }

    /// <summary>From a HelmRelease that has recovered until its OCM is Ready.</summary>
    public TimeSpan Recovered { get; init; }

    /// <summary>From a rotated image pull secret to the copy of the last tenant.</summary>
    public TimeSpan Rotated { get; init; }

    /// <summary>From the change of another tenant's version, at the same time, until it is Ready.</summary>
    public TimeSpan UpgradedMeanwhile { get; init; }

    /// <summary>From the deletion of all OCMs until the last is gone.</summary>
    public TimeSpan AllDeleted { get; init; }

    /// <summary>Copies of image pull secrets that are left then.</summary>
    public int CopiesLeft { get; init; }

    /// <summary>The most memory during the whole run, in MiB.</summary>
    public (double Resident, double Anonymous) PeakMemory { get; init; }

    /// <summary>The processor time of the whole run.</summary>
    public TimeSpan Cpu { get; init; }
}

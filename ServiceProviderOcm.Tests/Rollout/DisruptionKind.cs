namespace ServiceProviderOcm.Tests.Rollout;

/// <summary>What happens to an OCM of a simulated fleet, beside its updates.</summary>
internal enum DisruptionKind
{
    /// <summary>Its owner deletes it, and creates it again.</summary>
    Deleted,

    /// <summary>Somebody deletes its Flux objects, which are created again without marks.</summary>
    Stripped,

    /// <summary>Its owner requests a version that is not on offer.</summary>
    Held,

    /// <summary>Its owner requests another version, which is installed at once.</summary>
    Changed,

    /// <summary>Its control plane is unreachable.</summary>
    Unreachable,

    /// <summary>It is Ready for a moment.</summary>
    Flickering,
}

namespace ServiceProviderOcm.Core.Model;

/// <summary>Where a step of a plan takes place.</summary>
public enum TargetCluster
{
    /// <summary>Where the tenants' OCM objects are.</summary>
    Onboarding,

    /// <summary>Where Flux and the tenants' namespaces are.</summary>
    Platform,

    /// <summary>Where the toolkit runs: the tenant's own control plane.</summary>
    ControlPlane,
}

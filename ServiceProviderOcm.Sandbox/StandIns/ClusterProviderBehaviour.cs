namespace ServiceProviderOcm.Sandbox.StandIns;

/// <summary>What the cluster provider's stand-in answers.</summary>
public enum ClusterProviderBehaviour
{
    /// <summary>Every request is granted.</summary>
    Grant,

    /// <summary>Every request is denied.</summary>
    Deny,

    /// <summary>Nothing is answered and nothing is cleaned up, as if nobody were there.</summary>
    Ignore,
}

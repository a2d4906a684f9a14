namespace ServiceProviderOcm.Sandbox.Demo.StandIns;

/// <summary>The behaviour of the stand-in for the cluster provider.</summary>
public enum ClusterProviderBehaviour
{
    /// <summary>Every request is granted.</summary>
    Grant,

    /// <summary>Every request is denied.</summary>
    Deny,

    /// <summary>Nothing happens, as if no cluster provider were installed.</summary>
    Ignore,
}

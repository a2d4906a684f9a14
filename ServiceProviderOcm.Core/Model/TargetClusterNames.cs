namespace ServiceProviderOcm.Core.Model;

/// <summary>The clusters in words.</summary>
public static class TargetClusterNames
{
    /// <summary>The cluster in the middle of a sentence.</summary>
    public static string Name(this TargetCluster cluster) => cluster switch
    {
        TargetCluster.ControlPlane => "control plane",
        TargetCluster.Onboarding => "onboarding cluster",
        _ => "platform cluster",
    };
}

using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Worker.Settings;

namespace ServiceProviderOcm.Worker.Connections;

/// <summary>The limits of clients and informers, as set.</summary>
internal static class ReadingLimits
{
    /// <summary>The limits of what a client reads of the platform or the onboarding cluster.</summary>
    public static ReadLimits OfSharedCluster(ProviderOptions options) => Read(ClientOptions.Default, options.SharedClusterLimits, LimitSettings.SharedClusters);

    /// <summary>The limits of what a client reads of a control plane.</summary>
    public static ReadLimits OfControlPlane(ProviderOptions options) =>
        Read(ClientOptions.ControlPlane, options.ControlPlaneLimits, LimitSettings.ControlPlanes);

    /// <summary>The limits of what is kept of the platform or the onboarding cluster.</summary>
    public static InformerLimits KeptOfSharedCluster(ProviderOptions options) => Kept(options.SharedClusterLimits, LimitSettings.SharedClusters);

    /// <summary>The limits of what is kept of a control plane.</summary>
    public static InformerLimits KeptOfControlPlane(ProviderOptions options) => Kept(options.ControlPlaneLimits, LimitSettings.ControlPlanes);

    /// <summary>How much is read of all control planes together.</summary>
    public static ReadBudgetOptions OfAllControlPlanes(ProviderOptions options) => new()
    {
        FlagPrefix = LimitSettings.AllControlPlanes,
        OwnMemory = options.ControlPlaneBudget.OwnMemory,
        GroupMemory = options.ControlPlaneBudget.GroupMemory,
        SharedMemory = options.ControlPlaneBudget.SharedMemory,
        OwnTraffic = options.ControlPlaneBudget.OwnTraffic,
        GroupTraffic = options.ControlPlaneBudget.GroupTraffic,
        SharedTraffic = options.ControlPlaneBudget.SharedTraffic,
    };

    // The other limits are no settings.
    private static ReadLimits Read(KubernetesApiOptions fixedOptions, ClusterLimits limits, string flagPrefix) => fixedOptions.Limits with
    {
        FlagPrefix = flagPrefix,
        AnswerBytes = limits.AnswerBytes,
        ObjectBytes = limits.ObjectBytes,
        BytesPerMinute = limits.BytesPerMinute == 0 ? null : limits.BytesPerMinute,
        Objects = limits.Objects,
        StoreBytes = limits.StoreBytes,
    };

    private static InformerLimits Kept(ClusterLimits limits, string flagPrefix) => new()
    {
        FlagPrefix = flagPrefix,
        Objects = limits.Objects,
        StoreBytes = limits.StoreBytes,
        Pages = limits.Pages,
    };
}

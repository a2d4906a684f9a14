using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Core.Model.States;

namespace ServiceProviderOcm.Core.Controller;

/// <summary>The metrics of all OCMs.</summary>
internal static class FleetMetrics
{
    /// <summary>Makes them visible.</summary>
    public static void ObserveFleet(this ControllerMetrics metrics, Informer ocms, Func<InstallConfig> config, TimeProvider time)
    {
        metrics.ObserveInstances(Enum.GetNames<Phase>(), () => CurrentOcms.Of(ocms).Select(ocm => ocm.Json.Text("status", "phase")));
        metrics.ObserveNotReady(OcmStates.ReasonsNotReady, () => FleetHealth.ReasonsNotReady(CurrentOcms.Of(ocms)));
        metrics.ObserveSurplus(() => ocms.Surplus.All.Sum(each => each.Count));
        metrics.ObserveDeprecated(() => FleetHealth.Deprecated(config(), CurrentOcms.Of(ocms)));
        metrics.ObserveLongestDeletion(() => FleetHealth.LongestDeletion(CurrentOcms.Of(ocms), time.GetUtcNow()));
    }
}

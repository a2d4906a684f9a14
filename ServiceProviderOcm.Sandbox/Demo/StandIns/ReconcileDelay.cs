using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;

namespace ServiceProviderOcm.Sandbox.Demo.StandIns;

/// <summary>How long the stand-ins wait before they reconcile a change, so that a person can follow.</summary>
internal static class ReconcileDelay
{
    /// <summary>A random delay for each object, so that the tenants differ.</summary>
    public static TimeSpan For(ResourceKind kind) => kind.Plural switch
    {
        _ when kind == PlatformKinds.ClusterRequest => TimeSpan.Zero,
        _ when kind == PlatformKinds.AccessRequest => Between(100, 300),
        _ when kind == PlatformKinds.OciRepository => Between(200, 500),
        _ => Between(400, 800),
    };

    private static TimeSpan Between(int shortest, int longest) => TimeSpan.FromMilliseconds(Random.Shared.Next(shortest, longest));
}

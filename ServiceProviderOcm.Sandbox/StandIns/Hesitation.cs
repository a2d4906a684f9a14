using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Sandbox.StandIns;

/// <summary>How long the stand-ins wait before they look at what has changed, so that a person can follow.</summary>
internal static class Hesitation
{
    /// <summary>Another time for each object, so that not all tenants go alike.</summary>
    public static TimeSpan For(ResourceKind kind) => kind.Plural switch
    {
        _ when kind == Kinds.ClusterRequest => TimeSpan.Zero,
        _ when kind == Kinds.AccessRequest => Between(200, 600),
        _ when kind == Kinds.OciRepository => Between(400, 1000),
        _ => Between(1000, 2200),
    };

    private static TimeSpan Between(int shortest, int longest) => TimeSpan.FromMilliseconds(Random.Shared.Next(shortest, longest));
}

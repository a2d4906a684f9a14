using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Sandbox.Setup;

/// <summary>
/// The definitions of the kinds that others bring to the clusters, reduced to what the provider and the stand-ins use of them.
/// </summary>
internal static class PlatformCrds
{
    /// <summary>What the platform and Flux bring to the platform cluster.</summary>
    public static readonly IReadOnlyList<string> OfPlatform =
    [
        Kinds.ServiceProvider.Plural, Kinds.ClusterRequest.Plural, Kinds.AccessRequest.Plural, Kinds.OciRepository.Plural, Kinds.HelmRelease.Plural,
    ];

    /// <summary>What the toolkit brings to a control plane.</summary>
    public static readonly IReadOnlyList<string> OfControlPlane = [Kinds.Repository.Plural];

    /// <summary>The definition of the kind of this plural.</summary>
    public static JsonObject Of(string plural) => Resources.Read($"crds/{plural}.yaml").Single();
}

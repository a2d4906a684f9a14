using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;

namespace ServiceProviderOcm.Sandbox.Demo.Files;

/// <summary>
/// The CustomResourceDefinitions of openMCP, Flux and the toolkit, reduced to the fields that the provider and the stand-ins use.
/// </summary>
internal static class PlatformCrds
{
    /// <summary>The plurals of the kinds of openMCP and Flux, on the platform cluster.</summary>
    public static readonly IReadOnlyList<string> OfPlatform =
    [
        PlatformKinds.ServiceProvider.Plural,
        PlatformKinds.ClusterRequest.Plural,
        PlatformKinds.AccessRequest.Plural,
        PlatformKinds.OciRepository.Plural,
        PlatformKinds.HelmRelease.Plural,
    ];

    /// <summary>The plurals of the kinds of the toolkit, on control planes.</summary>
    public static readonly IReadOnlyList<string> OfControlPlane = [PlatformKinds.Repository.Plural];

    /// <summary>All definitions, by plural.</summary>
    public static IReadOnlyDictionary<string, KubeObject> Read() =>
        OfPlatform.Concat(OfControlPlane).ToDictionary(plural => plural, plural => KubeObject.From(Of(plural)));

    /// <summary>The definition of the kind of this plural.</summary>
    public static JsonObject Of(string plural) => EmbeddedFiles.Read($"crds/{plural}.yaml").Single();
}

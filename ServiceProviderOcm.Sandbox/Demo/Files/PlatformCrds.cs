using System.Text.Json.Nodes;
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

    /// <summary>Parses all of them, which takes a new process as long as to start its API servers.</summary>
    public static void Load()
    {
        foreach (var plural in OfPlatform.Concat(OfControlPlane))
        {
            Of(plural);
        }
    }

    /// <summary>The definition of the kind of this plural.</summary>
    public static JsonObject Of(string plural) => EmbeddedFiles.Read($"crds/{plural}.yaml").Single();
}

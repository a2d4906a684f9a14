using System.Text.Json.Nodes;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Peers.Processes;

/// <summary>The kinds that Flux's controllers watch besides those that the provider writes. They do not start without them.</summary>
internal static class FluxDefinitions
{
    private const string Group = "source.toolkit.fluxcd.io";

    private static readonly (string Kind, string Plural)[] Kinds =
    [
        ("GitRepository", "gitrepositories"),
        ("Bucket", "buckets"),
        ("HelmRepository", "helmrepositories"),
        ("HelmChart", "helmcharts"),
        ("ExternalArtifact", "externalartifacts"),
    ];

    /// <summary>Applies definitions without schemas, and waits until the kinds are served.</summary>
    public static Task InstallFluxDefinitionsAsync(this TestCluster cluster) =>
        cluster.InstallCrdsAsync(Kinds.Select(kind => Definition(kind.Kind, kind.Plural)));

    private static JsonObject Definition(string kind, string plural) => new()
    {
        ["apiVersion"] = "apiextensions.k8s.io/v1",
        ["kind"] = "CustomResourceDefinition",
        ["metadata"] = new JsonObject { ["name"] = $"{plural}.{Group}" },
        ["spec"] = new JsonObject
        {
            ["group"] = Group,
            ["scope"] = "Namespaced",
            ["names"] = new JsonObject
            {
                ["kind"] = kind,
                ["listKind"] = $"{kind}List",
                ["plural"] = plural,
                ["singular"] = kind.ToLowerInvariant(),
            },
            ["versions"] = new JsonArray(new JsonObject
            {
                ["name"] = "v1",
                ["served"] = true,
                ["storage"] = true,
                ["subresources"] = new JsonObject { ["status"] = new JsonObject() },
                ["schema"] = new JsonObject
                {
                    ["openAPIV3Schema"] = new JsonObject { ["type"] = "object", ["x-kubernetes-preserve-unknown-fields"] = true },
                },
            }),
        },
    };
}

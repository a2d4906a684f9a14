using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Naming;
using ServiceProviderOcm.Core.Objects;
using ServiceProviderOcm.Core.Observe;
using ServiceProviderOcm.Core.Planning;

namespace ServiceProviderOcm.Core.Onboarding;

/// <summary>The two requests by which we get access to the onboarding cluster, as the platform's contract has them.</summary>
internal static class OnboardingRequests
{
    public static ObjectKey Key(Identity identity, string localName) =>
        new(identity.PodNamespace, PlatformNames.RequestName(identity.Api.Group, localName));

    public static KubeObject ClusterRequest(Identity identity, ObjectKey key) =>
        Request(identity, Kinds.ClusterRequest, key, new JsonObject { ["purpose"] = "onboarding" });

    public static KubeObject AccessRequest(Identity identity, ObjectKey key) =>
        Request(identity, Kinds.AccessRequest, key, new JsonObject
        {
            ["requestRef"] = new JsonObject { ["name"] = key.Name, ["namespace"] = key.Namespace },
            ["token"] = new JsonObject
            {
                ["permissions"] = new JsonArray(new JsonObject
                {
                    ["rules"] = new JsonArray(
                        Rule(identity.Api.Group, ["ocms"], ["list", "watch", "patch"]),
                        Rule(identity.Api.Group, ["ocms/status"], ["patch"]),
                        Rule(Kinds.Event.Group, ["events"], ["create"])),
                }),
            },
        });

    private static KubeObject Request(Identity identity, ResourceKind kind, ObjectKey key, JsonObject spec) =>
        KubeObject.From(new JsonObject
        {
            ["apiVersion"] = kind.ApiVersion,
            ["kind"] = kind.Kind,
            ["metadata"] = new JsonObject
            {
                ["name"] = key.Name,
                ["namespace"] = key.Namespace,
                ["labels"] = new JsonObject { [Manifests.ManagedByLabel] = identity.Api.Group },
            },
            ["spec"] = spec,
        });

    private static JsonObject Rule(string group, string[] resources, string[] verbs) => new()
    {
        ["apiGroups"] = new JsonArray(group),
        ["resources"] = new JsonArray([.. resources.Select(resource => (JsonNode)resource)]),
        ["verbs"] = new JsonArray([.. verbs.Select(verb => (JsonNode)verb)]),
    };
}

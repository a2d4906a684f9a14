using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Naming;
using ServiceProviderOcm.Core.Plan;

namespace ServiceProviderOcm.Core.Setup.Onboarding;

/// <summary>The two requests by which we get access to the onboarding cluster, as the platform's contract has them.</summary>
internal static class OnboardingRequests
{
    public static ObjectKey Key(Identity identity, OnboardingPurpose purpose) =>
        new(identity.PodNamespace, PlatformNames.RequestName(identity.Api.Group, purpose.LocalName));

    public static KubeObject ClusterRequest(Identity identity, ObjectKey key) =>
        Request(identity, Kinds.ClusterRequest, key, new JsonObject { ["purpose"] = "onboarding" });

    public static KubeObject AccessRequest(Identity identity, OnboardingPurpose purpose, ObjectKey key) =>
        Request(identity, Kinds.AccessRequest, key, new JsonObject
        {
            ["requestRef"] = new JsonObject { ["name"] = key.Name, ["namespace"] = key.Namespace },
            ["token"] = new JsonObject
            {
                ["permissions"] = new JsonArray(new JsonObject
                {
                    ["rules"] = new JsonArray([.. purpose.Rules.Select(Rule)]),
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

    private static JsonNode Rule(AccessRule rule) => new JsonObject
    {
        ["apiGroups"] = new JsonArray(rule.ApiGroup),
        ["resources"] = Array(rule.Resources),
        ["verbs"] = Array(rule.Verbs),
    };

    private static JsonArray Array(IEnumerable<string> items) => [.. items.Select(item => (JsonNode)item)];
}

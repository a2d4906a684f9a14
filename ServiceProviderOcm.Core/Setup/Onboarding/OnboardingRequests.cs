using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Naming;

namespace ServiceProviderOcm.Core.Setup.Onboarding;

/// <summary>The ClusterRequest and the AccessRequest for access to the onboarding cluster.</summary>
internal static class OnboardingRequests
{
    public static ObjectKey Key(Identity identity, OnboardingPurpose purpose) =>
        new(identity.PodNamespace, PlatformNames.RequestName(identity.Api.Group, purpose.LocalName));

    public static KubeObject ClusterRequest(Identity identity, ObjectKey key) =>
        Request(identity, PlatformKinds.ClusterRequest, key, new JsonObject { ["purpose"] = "onboarding" });

    public static KubeObject AccessRequest(Identity identity, OnboardingPurpose purpose, ObjectKey key) =>
        Request(identity, PlatformKinds.AccessRequest, key, new JsonObject
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
                ["labels"] = new JsonObject
                {
                    [ObjectNames.ManagedByLabel] = ObjectNames.LabelValue(identity.Api.Group),
                    [ObjectNames.ProviderLabel(identity.Api)] = ObjectNames.LabelValue(identity.ProviderName),
                },
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

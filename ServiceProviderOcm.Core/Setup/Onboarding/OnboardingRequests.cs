using System.Text.Json;
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
        Request(PlatformKinds.ClusterRequest, Metadata(key, Labels(identity)), new JsonObject { ["purpose"] = "onboarding" });

    public static KubeObject AccessRequest(Identity identity, OnboardingPurpose purpose, ObjectKey key) =>
        AccessRequest(identity, purpose, key, Metadata(key, Labels(identity)));

    /// <summary>The AccessRequest in place of one that exists, and has not changed meanwhile.</summary>
    public static KubeObject AccessRequest(Identity identity, OnboardingPurpose purpose, KubeObject found)
    {
        var metadata = Metadata(found.Key, Labels(identity));
        metadata["resourceVersion"] = found.ResourceVersion;
        return AccessRequest(identity, purpose, found.Key, metadata);
    }

    private static KubeObject AccessRequest(Identity identity, OnboardingPurpose purpose, ObjectKey key, JsonObject metadata) =>
        Request(PlatformKinds.AccessRequest, metadata, AccessSpec(key, new JsonArray(PermissionsOf(purpose.Rules))));

    /// <summary>
    /// The AccessRequest that exists, with the permissions that it lacks; null if it lacks none. What its present user works with stays: its
    /// other permissions, and its labels, by which it is known whose it is.
    /// </summary>
    public static KubeObject? Extended(Identity identity, OnboardingPurpose purpose, KubeObject found)
    {
        if (GrantedRules.Missing(found, purpose.Rules) is not { Count: > 0 } missing)
        {
            return null;
        }

        var labels = Labels(identity).Where(label => found.Labels.GetValueOrDefault(label.Key) == label.Value);
        var metadata = Metadata(found.Key, labels);
        metadata["resourceVersion"] = found.ResourceVersion;
        var present = found.Json.Items("spec", "token", "permissions").Select(permission => (JsonNode?)JsonObject.Create(permission));
        return Request(PlatformKinds.AccessRequest, metadata, AccessSpec(found.Key, new JsonArray([.. present, PermissionsOf(missing)])));
    }

    /// <summary>Whether an AccessRequest has the labels and the permissions of this one, and no others.</summary>
    public static bool IsAs(KubeObject found, KubeObject request) =>
        request.Labels.All(label => found.Labels.GetValueOrDefault(label.Key) == label.Value)
        && found.At("spec", "token", "permissions") is { } permissions
        && JsonElement.DeepEquals(permissions, request.At("spec", "token", "permissions")!.Value);

    private static KeyValuePair<string, string>[] Labels(Identity identity) =>
    [
        new(ObjectNames.ManagedByLabel, ObjectNames.LabelValue(identity.Api.Group)),
        new(ObjectNames.ProviderLabel(identity.Api), ObjectNames.LabelValue(identity.ProviderName)),
    ];

    private static JsonObject Metadata(ObjectKey key, IEnumerable<KeyValuePair<string, string>> labels) => new()
    {
        ["name"] = key.Name,
        ["namespace"] = key.Namespace,
        ["labels"] = new JsonObject(labels.Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value))),
    };

    private static JsonObject AccessSpec(ObjectKey key, JsonArray permissions) => new()
    {
        ["requestRef"] = new JsonObject { ["name"] = key.Name, ["namespace"] = key.Namespace },
        ["token"] = new JsonObject { ["permissions"] = permissions },
    };

    private static JsonObject PermissionsOf(IEnumerable<AccessRule> rules) =>
        new() { ["rules"] = new JsonArray([.. rules.Select(Rule)]) };

    private static KubeObject Request(ResourceKind kind, JsonObject metadata, JsonObject spec) => KubeObject.From(new JsonObject
    {
        ["apiVersion"] = kind.ApiVersion,
        ["kind"] = kind.Kind,
        ["metadata"] = metadata,
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

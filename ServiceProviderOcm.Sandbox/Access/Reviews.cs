using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Sandbox.Json;
using ServiceProviderOcm.Sandbox.Storage;

namespace ServiceProviderOcm.Sandbox.Access;

/// <summary>Answers the kinds that only ask: whose token it is, and who may do what.</summary>
internal static class Reviews
{
    /// <summary>A review with its answer in the status.</summary>
    public static JsonObject Answer(string kind, JsonObject review, SandboxUser caller, IReadOnlyList<SandboxUser> users, StoreState state)
    {
        var answered = review.Copy();
        answered.Child("metadata");
        answered["status"] = kind switch
        {
            "TokenReview" => Token(users.FirstOrDefault(user => user.Token == review.Text("spec", "token"))),
            "SelfSubjectReview" => new JsonObject { ["userInfo"] = User(caller) },
            "SelfSubjectAccessReview" => Access(Rbac.Allows(state, caller.Name, Groups(caller), Attributes(review))),
            "SelfSubjectRulesReview" => Rules(Rbac.Rules(state, caller.Name, Groups(caller), review.Text("spec", "namespace") ?? "")),
            _ => Access(Rbac.Allows(state, review.Text("spec", "user") ?? "", review.Texts("spec", "groups"), Attributes(review))),
        };
        return answered;
    }

    /// <summary>All groups of somebody who is known.</summary>
    public static IReadOnlyCollection<string> Groups(SandboxUser user) => [.. user.Groups, SandboxUser.Authenticated];

    private static JsonObject Token(SandboxUser? user) => user is null
        ? new JsonObject { ["user"] = new JsonObject(), ["error"] = "invalid bearer token" }
        : new JsonObject { ["authenticated"] = true, ["user"] = User(user) };

    private static JsonObject User(SandboxUser user) => new()
    {
        ["username"] = user.Name,
        ["uid"] = user.Name,
        ["groups"] = new JsonArray([.. Groups(user)]),
    };

    private static JsonObject Access(bool allowed) => new() { ["allowed"] = allowed };

    private static JsonObject Rules(IEnumerable<JsonElement> rules)
    {
        var byPath = rules.ToLookup(rule => rule.Items("nonResourceURLs").Any());
        return new JsonObject
        {
            ["resourceRules"] = new JsonArray([.. byPath[false].Select(rule => JsonObject.Create(rule))]),
            ["nonResourceRules"] = new JsonArray([.. byPath[true].Select(rule => JsonObject.Create(rule))]),
            ["incomplete"] = false,
        };
    }

    private static RequestAttributes Attributes(JsonObject review)
    {
        var resource = review.At("spec", "resourceAttributes");
        var path = review.At("spec", "nonResourceAttributes");
        return new RequestAttributes(
            (resource ?? path).Text("verb") ?? "",
            resource.Text("group") ?? "",
            resource.Text("version") ?? "",
            resource.Text("resource") ?? "",
            resource.Text("subresource") ?? "",
            resource.Text("namespace") ?? "",
            resource.Text("name") ?? "",
            path.Text("path") ?? "");
    }
}

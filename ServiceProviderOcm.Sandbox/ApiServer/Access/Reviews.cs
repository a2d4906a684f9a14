using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Sandbox.ApiServer.Json;
using ServiceProviderOcm.Sandbox.ApiServer.Storage;

namespace ServiceProviderOcm.Sandbox.ApiServer.Access;

/// <summary>Answers reviews: who has a token, and who may do what.</summary>
internal static class Reviews
{
    /// <summary>The review with its status.</summary>
    public static JsonObject Answer(string kind, JsonObject review, SandboxUser caller, IReadOnlyList<SandboxUser> users, StoreState state)
    {
        var answered = review.Copy();
        answered.Child("metadata");
        answered["status"] = kind switch
        {
            "TokenReview" => Token(users.FirstOrDefault(user => user.Token == review.Text("spec", "token"))),
            "SelfSubjectAccessReview" => Access(Rbac.Allows(state, caller.Name, Groups(caller), Attributes(review))),
            _ => Access(Rbac.Allows(state, review.Text("spec", "user") ?? "", review.Texts("spec", "groups"), Attributes(review))),
        };
        return answered;
    }

    public static IReadOnlyCollection<string> Groups(SandboxUser user) => [.. user.Groups, SandboxUser.Authenticated];

    private static JsonObject Token(SandboxUser? user) => user is null
        ? new JsonObject { ["user"] = new JsonObject(), ["error"] = "invalid bearer token" }
        : new JsonObject
        {
            ["authenticated"] = true,
            ["user"] = new JsonObject
            {
                ["username"] = user.Name,
                ["uid"] = user.Name,
                ["groups"] = new JsonArray([.. Groups(user)]),
            },
        };

    private static JsonObject Access(bool allowed) => new() { ["allowed"] = allowed };

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

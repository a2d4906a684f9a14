using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Tools.Check;

/// <summary>Checks which permissions an API server grants (SelfSubjectAccessReview).</summary>
internal static class AccessReviews
{
    /// <summary>The verbs of a permission that are not allowed.</summary>
    public static async Task<IReadOnlyList<string>> MissingAsync(
        this IKubernetesApi api, RequiredPermission needed, CancellationToken cancellationToken)
    {
        var answers = await Task.WhenAll(
            from resource in needed.Rule.Resources
            from verb in needed.Rule.Verbs
            select IsAllowedAsync(api, needed, resource, verb, cancellationToken));
        return [.. answers.Where(answer => !answer.IsAllowed).Select(answer => answer.Verb).Distinct()];
    }

    private static async Task<(string Verb, bool IsAllowed)> IsAllowedAsync(
        IKubernetesApi api, RequiredPermission needed, string resource, string verb, CancellationToken cancellationToken)
    {
        var review = await api.CreateAsync(Kinds.SelfSubjectAccessReview, ReviewOf(needed, resource, verb), cancellationToken);
        return (verb, review.Json.At("status", "allowed") is { ValueKind: JsonValueKind.True });
    }

    private static KubeObject ReviewOf(RequiredPermission needed, string resource, string verb)
    {
        var parts = resource.Split('/', 2);
        var attributes = new JsonObject { ["group"] = needed.Rule.ApiGroup, ["resource"] = parts[0], ["verb"] = verb };
        Add("subresource", parts.ElementAtOrDefault(1));
        Add("namespace", needed.Namespace);
        Add("name", needed.Name);
        return KubeObject.From(new JsonObject
        {
            ["apiVersion"] = Kinds.SelfSubjectAccessReview.ApiVersion,
            ["kind"] = Kinds.SelfSubjectAccessReview.Kind,
            ["spec"] = new JsonObject { ["resourceAttributes"] = attributes },
        });

        void Add(string field, string? value)
        {
            if (value is not null)
            {
                attributes[field] = value;
            }
        }
    }
}

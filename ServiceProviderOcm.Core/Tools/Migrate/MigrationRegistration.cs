using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;

namespace ServiceProviderOcm.Core.Tools.Migrate;

/// <summary>
/// What a ServiceProvider registers during and after a migration: openmcp-operator deletes the OCMs of a control plane, and waits for
/// them, in the registered groups only. Pure.
/// </summary>
internal static class MigrationRegistration
{
    /// <summary>Both groups besides what is registered; null if they are.</summary>
    public static JsonObject? Adding(KubeObject provider, ProviderApi from, ProviderApi to)
    {
        var present = Registered(provider);
        IReadOnlyList<JsonElement> missing =
            [.. new[] { from, to }.Where(api => !present.Exists(resource => IsOf(resource, api))).Select(Resource)];
        return missing.Count == 0 ? null : Status(provider, [.. present, .. missing]);
    }

    /// <summary>The new group instead of the old one; null if it is so.</summary>
    public static JsonObject? Replacing(KubeObject provider, ProviderApi from, ProviderApi to)
    {
        var present = Registered(provider);
        return present.Exists(resource => IsOf(resource, to)) && !present.Exists(resource => IsOf(resource, from))
            ? null
            : Status(provider, [.. present.Where(resource => !IsOf(resource, from) && !IsOf(resource, to)), Resource(to)]);
    }

    private static List<JsonElement> Registered(KubeObject provider) => [.. provider.Json.Items("status", "resources")];

    private static JsonObject Status(KubeObject provider, IEnumerable<JsonElement> resources)
    {
        var status = new JsonObject { ["resources"] = new JsonArray([.. resources.Select(resource => JsonObject.Create(resource))]) };
        if (provider.At("status", "observedGeneration") is null)
        {
            status["observedGeneration"] = 0;
        }

        return status;
    }

    private static bool IsOf(JsonElement resource, ProviderApi api) =>
        resource.Text("group") == api.Group && resource.Text("kind") == api.Ocm.Kind;

    private static JsonElement Resource(ProviderApi api) => new JsonObject
    {
        ["group"] = api.Group,
        ["version"] = api.Ocm.Version,
        ["kind"] = api.Ocm.Kind,
    }.ToElement();
}

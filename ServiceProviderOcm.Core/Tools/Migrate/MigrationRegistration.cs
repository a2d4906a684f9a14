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
    /// <summary>The new group besides what is registered; null if it is.</summary>
    public static JsonObject? Adding(KubeObject provider, ProviderApi to) => Of(provider, resources => [.. resources, Resource(to)], to);

    /// <summary>The new group instead of the old one; null if it is so.</summary>
    public static JsonObject? Replacing(KubeObject provider, ProviderApi from, ProviderApi to) => Of(
        provider, resources => [.. resources.Where(resource => !IsOf(resource, from)), Resource(to)], to, from);

    private static JsonObject? Of(
        KubeObject provider, Func<IEnumerable<JsonElement>, IReadOnlyList<JsonElement>> change, ProviderApi to, ProviderApi? from = null)
    {
        var present = provider.Json.Items("status", "resources").ToList();
        if (present.Exists(resource => IsOf(resource, to)) && !present.Exists(resource => from is not null && IsOf(resource, from)))
        {
            return null;
        }

        var status = new JsonObject
        {
            ["resources"] = new JsonArray(
                [.. change(present.Where(resource => !IsOf(resource, to))).Select(resource => JsonObject.Create(resource))]),
        };
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

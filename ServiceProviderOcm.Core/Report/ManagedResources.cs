using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Objects;
using ServiceProviderOcm.Core.Observe;

namespace ServiceProviderOcm.Core.Report;

/// <summary><c>status.resources</c>: the objects behind an OCM that exist, each with its own phase.</summary>
internal static class ManagedResources
{
    public static JsonArray Of(Observation observation)
    {
        var resources = new JsonArray();
        foreach (var copy in observation.SecretCopies.OrderBy(copy => copy.Name, StringComparer.Ordinal))
        {
            resources.Add((JsonNode)Entry(Kinds.Secret, copy, copy.IsBeingDeleted ? Phase.Terminating : Phase.Ready, ""));
        }

        AddFlux(resources, Kinds.OciRepository, observation.OciRepository);
        AddFlux(resources, Kinds.HelmRelease, observation.HelmRelease);
        return resources;
    }

    private static void AddFlux(JsonArray resources, ResourceKind kind, KubeObject? fluxObject)
    {
        if (fluxObject is not null)
        {
            var readiness = FluxReadiness.Of(fluxObject);
            resources.Add((JsonNode)Entry(kind, fluxObject, readiness.Phase, readiness.Message));
        }
    }

    private static JsonObject Entry(ResourceKind kind, KubeObject managed, Phase phase, string message)
    {
        var entry = new JsonObject();
        if (kind.Group.Length > 0)
        {
            entry["apiGroup"] = kind.Group;
        }

        entry["kind"] = kind.Kind;
        entry["name"] = managed.Name;
        entry["namespace"] = managed.Namespace;
        entry["phase"] = phase.ToString();
        if (message.Length > 0)
        {
            entry["message"] = message;
        }

        entry["location"] = "PlatformCluster";
        return entry;
    }
}

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

        if (observation.OciRepository is { } source)
        {
            var readiness = FluxReadiness.Of(source);
            resources.Add((JsonNode)Entry(Kinds.OciRepository, source, readiness.Phase, readiness.Message));
        }

        if (observation.HelmRelease is { } release)
        {
            var readiness = FluxReadiness.OfRelease(release, observation.OciRepository);
            resources.Add((JsonNode)Entry(Kinds.HelmRelease, release, readiness.Phase, readiness.Message));
        }

        return resources;
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

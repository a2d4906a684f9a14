using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.States;

namespace ServiceProviderOcm.Core.Report;

/// <summary><c>status.resources</c>: the managed objects of an OCM that exist, each with its own phase.</summary>
internal static class ManagedResources
{
    private const string Platform = "PlatformCluster";
    private const string ControlPlane = "ManagedControlPlane";

    // A control plane's administrator decides how many objects have this provider's labels. An OCM must stay readable.
    private const int MaxOnControlPlane = 50;

    public static JsonArray Of(Observation observation)
    {
        var resources = new JsonArray();
        foreach (var entry in Copies(Kinds.Secret, observation.SecretCopies, Platform))
        {
            resources.Add(entry);
        }

        if (observation.OciRepository is { } source)
        {
            var readiness = FluxStatus.OfSource(source, observation.Secrets);
            resources.Add((JsonNode)Entry(PlatformKinds.OciRepository, source, readiness.Phase, readiness.Message, Platform));
        }

        if (observation.HelmRelease is { } release)
        {
            var readiness = FluxStatus.OfRelease(release, observation.OciRepository, observation.Secrets);
            resources.Add((JsonNode)Entry(PlatformKinds.HelmRelease, release, readiness.Phase, readiness.Message, Platform));
        }

        foreach (var entry in OnControlPlane(observation).Take(MaxOnControlPlane))
        {
            resources.Add(entry);
        }

        return resources;
    }

    // While the control plane is unreachable, the last known objects are reported.
    private static IEnumerable<JsonNode?> OnControlPlane(Observation observation) =>
        observation.ControlPlane.IsKnown
            ? Copies(Kinds.ConfigMap, observation.ControlPlane.ConfigMaps, ControlPlane)
                .Concat(Copies(Kinds.Secret, observation.ControlPlane.Secrets, ControlPlane))
        : observation.MayHaveControlPlaneObjects
            ? observation.Ocm!.Json.Items("status", "resources")
                .Where(entry => entry.Text("location") == ControlPlane)
                .Select(entry => (JsonNode?)JsonObject.Create(entry))
        : [];

    private static IEnumerable<JsonNode?> Copies(ResourceKind kind, IEnumerable<KubeObject> copies, string location) => copies
        .OrderBy(copy => copy.Name, StringComparer.Ordinal)
        .Select(copy => Entry(kind, copy, copy.IsBeingDeleted ? Phase.Terminating : Phase.Ready, "", location));

    private static JsonObject Entry(ResourceKind kind, KubeObject managed, Phase phase, string message, string location)
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

        entry["location"] = location;
        return entry;
    }
}

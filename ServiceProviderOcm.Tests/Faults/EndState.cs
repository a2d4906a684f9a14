using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Tests.Faults;

/// <summary>All objects of all clusters, without what differs between two runs: uids, times and resource versions.</summary>
internal sealed class EndState
{
    private static readonly string[] Ignored = ["customresourcedefinitions.apiextensions.k8s.io", "events.events.k8s.io", "events"];
    private static readonly string[] Times = ["lastTransitionTime", "lastUpdateTime", "time", "creationTimestamp", "ocm.services.openmcp.cloud/updated-at"];

    // How often Flux has upgraded in between depends on the order of two changes.
    private static readonly string[] Upgrades = ["history", "lastAttemptedGeneration", "lastAttemptedReleaseAction"];

    private readonly SortedDictionary<string, JsonObject> _objects = new(StringComparer.Ordinal);

    public EndState(IEnumerable<FaultCluster> clusters)
    {
        foreach (var cluster in clusters)
        {
            foreach (var (resource, objects) in cluster.Server.State.Objects.Where(each => !Ignored.Contains(each.Key)))
            {
                foreach (var (key, stored) in objects)
                {
                    _objects[NameOf(cluster, resource, new ObjectKey(key.Namespace, key.Name))] = Normalize(stored);
                }
            }
        }
    }

    public static string NameOf(FaultCluster cluster, string resource, ObjectKey key) => $"{cluster.Name} {resource} {key}";

    /// <summary>Whether an object exists.</summary>
    public bool Has(string name) => _objects.ContainsKey(name);

    /// <summary>How another state differs from this one, a line for each field; empty if it does not.</summary>
    public string Difference(EndState other) => string.Join('\n', _objects.Keys.Union(other._objects.Keys)
        .Order(StringComparer.Ordinal)
        .SelectMany(name => Differences(name, _objects.GetValueOrDefault(name), other._objects.GetValueOrDefault(name))));

    private static IEnumerable<string> Differences(string path, JsonNode? expected, JsonNode? actual) => (expected, actual) switch
    {
        _ when JsonNode.DeepEquals(expected, actual) => [],
        (JsonObject one, JsonObject two) => one.Select(field => field.Key).Union(two.Select(field => field.Key))
            .SelectMany(field => Differences($"{path} .{field}", one[field], two[field])),
        (JsonArray one, JsonArray two) when one.Count == two.Count =>
            one.Zip(two).SelectMany((pair, index) => Differences($"{path} [{index}]", pair.First, pair.Second)),
        _ => [$"  {path}: expected {Short(expected)}, actual {Short(actual)}"],
    };

    private static string Short(JsonNode? node) => node is null ? "none" : node.ToJsonString() is { Length: > 300 } text ? $"{text[..300]}…" : node.ToJsonString();

    private static JsonObject Normalize(JsonElement stored)
    {
        var json = JsonObject.Create(stored.Clone())!.DeepClone().AsObject();
        var metadata = json["metadata"]!.AsObject();
        metadata.Remove("uid");
        metadata.Remove("resourceVersion");
        if (metadata.ContainsKey("deletionTimestamp"))
        {
            metadata["deletionTimestamp"] = "set";
        }

        if (metadata["managedFields"] is JsonArray entries)
        {
            var sorted = entries.Select(entry => entry!.DeepClone()).OrderBy(entry => $"{entry["manager"]} {entry["operation"]} {entry["subresource"]}");
            metadata["managedFields"] = new JsonArray([.. sorted]);
        }

        RemoveTimes(json);
        return json;
    }

    private static void RemoveTimes(JsonNode? node)
    {
        if (node is JsonObject map)
        {
            foreach (var ignored in Times.Concat(Upgrades))
            {
                map.Remove(ignored);
            }

            foreach (var (_, child) in map)
            {
                RemoveTimes(child);
            }
        }
        else if (node is JsonArray list)
        {
            foreach (var item in list)
            {
                RemoveTimes(item);
            }
        }
    }
}

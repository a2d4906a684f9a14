using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Plan;

/// <summary>Patches of an object's metadata. Those that replace a list hold only for the version that was observed.</summary>
internal static class MetadataPatches
{
    public static JsonElement AddFinalizer(KubeObject observed, string finalizer) =>
        Finalizers(observed, [.. observed.Finalizers, finalizer]);

    public static JsonElement RemoveFinalizer(KubeObject observed, string finalizer) =>
        Finalizers(observed, observed.Finalizers.Where(present => present != finalizer));

    public static JsonElement RemoveAnnotation(string name) => Patch(new JsonObject
    {
        ["annotations"] = new JsonObject { [name] = null },
    });

    private static JsonElement Finalizers(KubeObject observed, IEnumerable<string> finalizers) => Patch(new JsonObject
    {
        ["resourceVersion"] = observed.ResourceVersion,
        ["finalizers"] = new JsonArray([.. finalizers.Select(finalizer => (JsonNode)finalizer)]),
    });

    private static JsonElement Patch(JsonObject metadata) => new JsonObject { ["metadata"] = metadata }.ToElement();
}

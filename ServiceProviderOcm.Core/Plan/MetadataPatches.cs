using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;

namespace ServiceProviderOcm.Core.Plan;

/// <summary>Patches of an object's metadata. Those that replace a list or a value of users hold only for the version that was observed.</summary>
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

    public static JsonElement RemoveOperation(KubeObject observed) => Patch(new JsonObject
    {
        ["resourceVersion"] = observed.ResourceVersion,
        ["annotations"] = new JsonObject { [Operation.Annotation] = null },
    });

    private static JsonElement Finalizers(KubeObject observed, IEnumerable<string> finalizers) => Patch(new JsonObject
    {
        ["resourceVersion"] = observed.ResourceVersion,
        ["finalizers"] = new JsonArray([.. finalizers.Select(finalizer => (JsonNode)finalizer)]),
    });

    private static JsonElement Patch(JsonObject metadata) => new JsonObject { ["metadata"] = metadata }.ToElement();
}

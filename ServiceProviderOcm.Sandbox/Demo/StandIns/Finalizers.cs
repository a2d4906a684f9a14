using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Sandbox.Demo.StandIns;

/// <summary>Writes lists of finalizers.</summary>
public static class Finalizers
{
    /// <summary>A merge patch that sets an object's finalizers, if it is still as it was read.</summary>
    public static JsonObject Patch(KubeObject subject, IEnumerable<string> finalizers) => new()
    {
        ["metadata"] = new JsonObject
        {
            ["resourceVersion"] = subject.ResourceVersion,
            ["finalizers"] = new JsonArray([.. finalizers.Select(finalizer => JsonValue.Create(finalizer))]),
        },
    };
}

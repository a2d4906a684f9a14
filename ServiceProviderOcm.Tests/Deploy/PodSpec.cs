using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Tests.Deploy;

/// <summary>Reads a Deployment's pods.</summary>
internal static class PodSpec
{
    public static JsonElement Of(KubeObject deployment) => deployment.Json.At("spec", "template", "spec")!.Value;

    /// <summary>All containers, those of the initialization first.</summary>
    public static IEnumerable<JsonElement> Containers(KubeObject deployment) =>
        Of(deployment).Items("initContainers").Concat(Of(deployment).Items("containers"));

    public static string[] Arguments(JsonElement container) => [.. container.Items("args").Select(argument => argument.GetString()!)];
}

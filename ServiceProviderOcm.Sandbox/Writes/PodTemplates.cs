using System.Text.Json.Nodes;
using ServiceProviderOcm.Sandbox.Errors;
using ServiceProviderOcm.Sandbox.Json;

namespace ServiceProviderOcm.Sandbox.Writes;

/// <summary>What Pods and the templates of workloads have in common.</summary>
internal static class PodTemplates
{
    private static readonly string[] Containers = ["initContainers", "containers"];

    /// <summary>Fills in which images are pulled when: those that may change under their name, always.</summary>
    public static void SetPullPolicies(JsonNode? podSpec)
    {
        foreach (var container in Containers.SelectMany(list => podSpec.Objects(list)))
        {
            var image = container.Text("image") ?? "";
            var name = image[(image.LastIndexOf('/') + 1)..];
            var isFixed = name.Contains('@', StringComparison.Ordinal)
                || (name.Contains(':', StringComparison.Ordinal) && !name.EndsWith(":latest", StringComparison.Ordinal));
            container["imagePullPolicy"] ??= isFixed ? "IfNotPresent" : "Always";
        }
    }

    /// <summary>What is wrong with the specification of a pod.</summary>
    /// <param name="podSpec">The specification.</param>
    /// <param name="path">Where it is.</param>
    public static IEnumerable<FieldError> Check(JsonNode? podSpec, string path)
    {
        if (podSpec.Objects("containers").FirstOrDefault() is null)
        {
            yield return FieldError.Required($"{path}.containers");
        }

        var volumes = podSpec.Objects("volumes").Select(volume => volume.Text("name")).ToHashSet();
        foreach (var list in Containers)
        {
            var containers = podSpec.Objects(list).ToList();
            for (var index = 0; index < containers.Count; index++)
            {
                if (containers[index].Text("image") is null or "")
                {
                    yield return FieldError.Required($"{path}.{list}[{index}].image");
                }

                var mounts = containers[index].Objects("volumeMounts").ToList();
                for (var mount = 0; mount < mounts.Count; mount++)
                {
                    if (!volumes.Contains(mounts[mount].Text("name")))
                    {
                        yield return new FieldError(
                            FieldErrorType.NotFound,
                            $"{path}.{list}[{index}].volumeMounts[{mount}].name",
                            mounts[mount]["name"]?.ToJsonString(),
                            "");
                    }
                }
            }
        }
    }
}

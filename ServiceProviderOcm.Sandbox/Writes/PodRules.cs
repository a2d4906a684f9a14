using System.Text.Json.Nodes;
using ServiceProviderOcm.Sandbox.Errors;
using ServiceProviderOcm.Sandbox.Json;

namespace ServiceProviderOcm.Sandbox.Writes;

/// <summary>What holds for Pods. None is ever run: they stay pending.</summary>
internal sealed class PodRules : IKindRules
{
    private const string MayChange = "pod updates may not change fields other than `spec.containers[*].image`, "
        + "`spec.initContainers[*].image`, `spec.activeDeadlineSeconds` or `spec.tolerations` (only additions to existing tolerations)";

    /// <inheritdoc/>
    public void Prepare(JsonObject now, JsonObject? before)
    {
        PodTemplates.SetPullPolicies(now["spec"]);
        now.Child("status")["phase"] ??= "Pending";
    }

    /// <inheritdoc/>
    public IEnumerable<FieldError> Check(JsonObject now, JsonObject? before)
    {
        foreach (var error in PodTemplates.Check(now["spec"], "spec"))
        {
            yield return error;
        }

        if (before is not null && !Nodes.Same(Fixed(now), Fixed(before)))
        {
            yield return new FieldError(FieldErrorType.Forbidden, "spec", null, MayChange);
        }
    }

    private static JsonObject Fixed(JsonObject pod)
    {
        var spec = pod["spec"] is JsonObject some ? some.Copy() : [];
        spec.Remove("activeDeadlineSeconds");
        spec.Remove("tolerations");
        foreach (var container in spec.Objects("containers").Concat(spec.Objects("initContainers")))
        {
            container.Remove("image");
        }

        return spec;
    }
}

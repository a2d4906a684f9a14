using System.Text.Json.Nodes;
using ServiceProviderOcm.Sandbox.Errors;
using ServiceProviderOcm.Sandbox.Json;

namespace ServiceProviderOcm.Sandbox.Writes;

/// <summary>What holds for Deployments and ReplicaSets. No controller makes pods from their templates.</summary>
internal sealed class WorkloadRules : IKindRules
{
    /// <inheritdoc/>
    public void Prepare(JsonObject now, JsonObject? before)
    {
        now.Child("status");
        PodTemplates.SetPullPolicies(now.At("spec", "template", "spec"));
        if (now.Text("kind") == "Deployment" && now["spec"] is JsonObject spec)
        {
            var strategy = spec.Child("strategy");
            strategy["type"] ??= "RollingUpdate";
            if (strategy.Text("type") == "RollingUpdate")
            {
                strategy.Child("rollingUpdate")["maxUnavailable"] ??= "25%";
                strategy.Child("rollingUpdate")["maxSurge"] ??= "25%";
            }
        }
        else if (before is null)
        {
            now.Child("status")["replicas"] ??= 0;
        }
    }

    /// <inheritdoc/>
    public IEnumerable<FieldError> Check(JsonObject now, JsonObject? before)
    {
        if (now.Number("spec", "replicas") is < 0 and var replicas)
        {
            yield return FieldError.Invalid("spec.replicas", replicas, "must be greater than or equal to 0");
        }

        var wanted = now.At("spec", "selector", "matchLabels") as JsonObject ?? [];
        if (wanted.Count == 0 && !now.Objects("spec", "selector", "matchExpressions").Any())
        {
            yield return FieldError.Invalid("spec.selector", now.At("spec", "selector"), "empty selector is invalid for deployment");
        }
        else if (wanted.Any(label => now.Text("spec", "template", "metadata", "labels", label.Key) != label.Value.Text()))
        {
            yield return FieldError.Invalid(
                "spec.template.metadata.labels",
                now.At("spec", "template", "metadata", "labels") ?? new JsonObject(),
                "`selector` does not match template `labels`");
        }

        foreach (var error in PodTemplates.Check(now.At("spec", "template", "spec"), "spec.template.spec"))
        {
            yield return error;
        }

        if (now.Text("spec", "template", "spec", "restartPolicy") is { } policy and not "Always")
        {
            yield return new FieldError(
                FieldErrorType.NotSupported, "spec.template.spec.restartPolicy", $"\"{policy}\"", "supported values: \"Always\"");
        }

        if (now.Text("spec", "strategy", "type") == "Recreate" && now.At("spec", "strategy", "rollingUpdate") is not null)
        {
            yield return new FieldError(
                FieldErrorType.Forbidden,
                "spec.strategy.rollingUpdate",
                null,
                "may not be specified when strategy `type` is 'Recreate'");
        }

        if (before is not null && !Nodes.Same(now.At("spec", "selector"), before.At("spec", "selector")))
        {
            yield return FieldError.Invalid("spec.selector", now.At("spec", "selector"), "field is immutable");
        }
    }
}

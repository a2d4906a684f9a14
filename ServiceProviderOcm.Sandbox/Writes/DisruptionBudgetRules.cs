using System.Text.Json.Nodes;
using ServiceProviderOcm.Sandbox.Errors;
using ServiceProviderOcm.Sandbox.Json;

namespace ServiceProviderOcm.Sandbox.Writes;

/// <summary>What holds for PodDisruptionBudgets.</summary>
internal sealed class DisruptionBudgetRules : IKindRules
{
    /// <inheritdoc/>
    public void Prepare(JsonObject now, JsonObject? before)
    {
    }

    /// <inheritdoc/>
    public IEnumerable<FieldError> Check(JsonObject now, JsonObject? before)
    {
        if (now.At("spec", "minAvailable") is not null && now.At("spec", "maxUnavailable") is not null)
        {
            yield return FieldError.Invalid(
                "spec", now["spec"], "minAvailable and maxUnavailable cannot be both set");
        }
    }
}

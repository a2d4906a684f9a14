using System.Text.Json.Nodes;
using ServiceProviderOcm.Sandbox.Errors;
using ServiceProviderOcm.Sandbox.Json;

namespace ServiceProviderOcm.Sandbox.Writes;

/// <summary>What holds for Leases.</summary>
internal sealed class LeaseRules : IKindRules
{
    /// <inheritdoc/>
    public void Prepare(JsonObject now, JsonObject? before) => now.Child("spec");

    /// <inheritdoc/>
    public IEnumerable<FieldError> Check(JsonObject now, JsonObject? before)
    {
        if (now.Number("spec", "leaseDurationSeconds") is <= 0 and var duration)
        {
            yield return FieldError.Invalid("spec.leaseDurationSeconds", duration, "must be greater than 0");
        }

        if (now.Number("spec", "leaseTransitions") is < 0 and var transitions)
        {
            yield return FieldError.Invalid("spec.leaseTransitions", transitions, "must be greater than or equal to 0");
        }
    }
}

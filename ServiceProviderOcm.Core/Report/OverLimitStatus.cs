using System.Globalization;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.States;

namespace ServiceProviderOcm.Core.Report;

/// <summary>
/// The status of an OCM that exceeds a limit and was not read, for server-side apply: conditions of others stay.
/// </summary>
internal static class OverLimitStatus
{
    public static KubeObject Of(ProviderApi api, UnreadableObject ocm, DateTimeOffset now)
    {
        var metadata = new JsonObject { ["name"] = ocm.Key.Name, ["namespace"] = ocm.Key.Namespace };
        if (ocm.Uid.Length > 0)
        {
            metadata["uid"] = ocm.Uid;
        }

        return KubeObject.From(new JsonObject
        {
            ["apiVersion"] = api.Ocm.ApiVersion,
            ["kind"] = api.Ocm.Kind,
            ["metadata"] = metadata,
            ["status"] = new JsonObject
            {
                // A change that nothing has been done about is still its owner's when the OCM can be read.
                ["observedGeneration"] = ocm.ObservedGeneration,
                ["phase"] = (ocm.IsBeingDeleted ? Phase.Terminating : Phase.Progressing).ToString(),
                ["conditions"] = new JsonArray(
                    new Condition("Ready", false, Reasons.LimitExceeded, MessageOf(ocm)).ToJson(ocm.ReadyCondition, ocm.Generation, now)),
            },
        });
    }

    /// <summary>Whether the status of the OCM reports the limit already, such as before a restart.</summary>
    public static bool IsReported(UnreadableObject ocm)
    {
        // The actual value changes with each change of the OCM, also of its status.
        var parts = MessageOf(ocm).Split(string.Create(CultureInfo.InvariantCulture, $" {ocm.Excess?.Actual} "), 2);
        return ocm.ReadyCondition.Text("reason") == Reasons.LimitExceeded
            && ocm.ReadyCondition.Text("message") is { } message
            && message.StartsWith(parts[0], StringComparison.Ordinal)
            && message.EndsWith(parts[^1], StringComparison.Ordinal);
    }

    public static string MessageOf(UnreadableObject ocm) =>
        $"OCM {ocm.Key} exceeds a limit: {ocm.Error}. It is not reconciled, and what is installed stays. "
            + (ocm.Excess?.IsSetting is false ? "Shorten it: the limit cannot be raised." : "Shorten it, or ask a platform operator to raise the limit.");
}

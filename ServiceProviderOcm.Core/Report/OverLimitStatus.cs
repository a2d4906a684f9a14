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
                ["observedGeneration"] = ocm.Generation,
                ["phase"] = nameof(Phase.Progressing),
                ["conditions"] = new JsonArray(new JsonObject
                {
                    ["type"] = "Ready",
                    ["status"] = Condition.StatusOf(isTrue: false),
                    ["reason"] = Reasons.LimitExceeded,
                    ["message"] = MessageOf(ocm),
                    ["observedGeneration"] = ocm.Generation,
                    ["lastTransitionTime"] = Timestamps.Time(now),
                }),
            },
        });
    }

    public static string MessageOf(UnreadableObject ocm) =>
        $"OCM {ocm.Key} exceeds a limit: {ocm.Error}. It is not reconciled, and what is installed stays. Shorten it, or ask a platform "
            + "operator to raise the limit.";
}

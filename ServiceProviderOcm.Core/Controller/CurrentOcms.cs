using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.States;

namespace ServiceProviderOcm.Core.Controller;

/// <summary>The OCMs as they are now, for what counts them.</summary>
internal static class CurrentOcms
{
    /// <summary>
    /// Each OCM once, without those beyond the number per namespace. Of one that cannot be read: what is known of it, without its version.
    /// </summary>
    public static IEnumerable<KubeObject> Of(Informer ocms)
    {
        var unreadable = ocms.UnreadableObjects.Where(ocm => ocm.Key.Name.Length > 0).ToDictionary(ocm => ocm.Key);
        return ocms.Store.All.Where(ocm => !unreadable.ContainsKey(ocm.Key)).Concat(unreadable.Values.Select(Known));
    }

    private static KubeObject Known(UnreadableObject ocm)
    {
        var (status, reason) = ocm.Excess is null
            ? (ocm.ReadyCondition.Text("status"), ocm.ReadyCondition.Text("reason"))
            : ("False", Reasons.LimitExceeded);
        var phase = ocm.IsBeingDeleted ? Phase.Terminating : status == "True" ? Phase.Ready : Phase.Progressing;
        return KubeObject.From(new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = ocm.Key.Name,
                ["namespace"] = ocm.Key.Namespace,
                ["generation"] = ocm.Generation,
                ["deletionTimestamp"] = ocm.IsBeingDeleted ? ocm.DeletionTimestamp : null,
            },
            ["status"] = new JsonObject
            {
                ["phase"] = phase.ToString(),
                ["observedGeneration"] = ocm.ObservedGeneration,
                ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = status, ["reason"] = reason }),
            },
        });
    }
}

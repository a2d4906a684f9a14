using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.States;

namespace ServiceProviderOcm.Core.Report;

/// <summary>The Event on an OCM that cannot be read.</summary>
internal static class UnreadableEvent
{
    public static KubeObject Of(ProviderApi api, UnreadableObject ocm, DateTimeOffset now) => new EventManifest(
        EventManifest.NameOf(ocm.Key.Name, now),
        EventManifest.ReferenceTo(api.Ocm, ocm.Key, ocm.Uid, ocm.ResourceVersion),
        "Warning",
        ocm.Excess is null ? "Unreadable" : Reasons.LimitExceeded,
        ocm.Excess is null
            ? $"OCM {ocm.Key} cannot be read: {ocm.Error}. It is not reconciled, and what is installed stays. Correct its metadata."
            : OverLimitStatus.MessageOf(ocm),
        "Reconcile",
        "service-provider-ocm",
        now).ToObject();
}

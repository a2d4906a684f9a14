using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.States;
using ServiceProviderOcm.Core.Naming;

namespace ServiceProviderOcm.Core.Report;

/// <summary>
/// The Event on an OCM that cannot be read. If it exceeds a limit, its status tells a restarted process that there is one; otherwise the
/// same error has the same name.
/// </summary>
internal static class UnreadableEvent
{
    public static KubeObject Of(Identity identity, UnreadableObject ocm, DateTimeOffset now) => new EventManifest(
        ocm.Excess is null
            ? EventManifest.NameOf(ocm.Key.Name, Convert.ToHexStringLower(ShakeHash.Of($"{ocm.Uid}/{ocm.Error}", 8)))
            : EventManifest.NameOf(ocm.Key.Name, now),
        EventManifest.ReferenceTo(identity.Api.Ocm, ocm.Key, ocm.Uid, ocm.ResourceVersion),
        "Warning",
        ocm.Excess is null ? "Unreadable" : Reasons.LimitExceeded,
        ocm.Excess is null
            ? $"OCM {ocm.Key} cannot be read: {ocm.Error}. It is not reconciled, and what is installed stays. Correct its metadata."
            : OverLimitStatus.MessageOf(ocm),
        "Reconcile",
        identity.ProviderName,
        now).ToObject();
}

using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
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
        UnreadableOcm.ReasonOf(ocm),
        UnreadableOcm.MessageOf(ocm),
        "Reconcile",
        identity.ProviderName,
        now).ToObject();
}

using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.LeaderElection;

/// <summary>The content of a Lease. Missing and invalid fields are null or empty.</summary>
/// <param name="Holder">The holder; empty if there is none.</param>
/// <param name="Duration">How long after the last renewal it expires.</param>
/// <param name="AcquireTime">When the holder acquired it, by the holder's clock.</param>
/// <param name="RenewTime">When the holder last renewed it, by the holder's clock.</param>
/// <param name="Transitions">The number of times that the holder has changed.</param>
internal sealed record LeaseRecord(string Holder, TimeSpan? Duration, string? AcquireTime, string? RenewTime, long? Transitions)
{
    /// <summary>The content of a Lease that does not exist.</summary>
    public static readonly LeaseRecord None = new("", null, null, null, null);

    // As client-go's ReleaseOnCancel does, so that other implementations need not wait either.
    private static readonly TimeSpan ReleasedDuration = TimeSpan.FromSeconds(1);

    public static LeaseRecord Of(KubeObject lease) => new(
        lease.Json.Text("spec", "holderIdentity") ?? "",
        lease.Json.Number("spec", "leaseDurationSeconds") is > 0 and <= int.MaxValue and var seconds ? TimeSpan.FromSeconds(seconds) : null,
        lease.Json.Text("spec", "acquireTime"),
        lease.Json.Text("spec", "renewTime"),
        lease.Json.Number("spec", "leaseTransitions"));

    /// <summary>The lease once acquired or renewed.</summary>
    public LeaseRecord HeldBy(string identity, TimeSpan duration, DateTimeOffset now) => Holder == identity
        ? this with { Duration = duration, RenewTime = Timestamps.MicroTime(now) }
        : new LeaseRecord(identity, duration, Timestamps.MicroTime(now), Timestamps.MicroTime(now), (Transitions + 1) ?? 0);

    /// <summary>The lease once released.</summary>
    public LeaseRecord Released(DateTimeOffset now) =>
        this with
        {
            Holder = "",
            Duration = ReleasedDuration,
            AcquireTime = Timestamps.MicroTime(now),
            RenewTime = Timestamps.MicroTime(now),
        };

    public KubeObject ToManifest(ObjectKey key) => KubeObject.From(new JsonObject
    {
        ["apiVersion"] = Kinds.Lease.ApiVersion,
        ["kind"] = Kinds.Lease.Kind,
        ["metadata"] = new JsonObject { ["namespace"] = key.Namespace, ["name"] = key.Name },
        ["spec"] = Spec(),
    });

    /// <summary>A merge patch that the server rejects with a conflict unless the Lease is still at this version.</summary>
    public JsonElement ToPatch(string resourceVersion) => new JsonObject
    {
        ["metadata"] = new JsonObject { ["resourceVersion"] = resourceVersion },
        ["spec"] = Spec(),
    }.ToElement();

    private JsonObject Spec() => new()
    {
        ["holderIdentity"] = Holder,
        ["leaseDurationSeconds"] = (long?)Duration?.TotalSeconds,
        ["acquireTime"] = AcquireTime,
        ["renewTime"] = RenewTime,
        ["leaseTransitions"] = Transitions,
    };
}

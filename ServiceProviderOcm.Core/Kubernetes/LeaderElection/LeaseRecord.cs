using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.LeaderElection;

/// <summary>What is in a Lease. What is missing or makes no sense there is null or empty here.</summary>
/// <param name="Holder">Who holds the lease; empty if nobody does.</param>
/// <param name="Duration">For how long the holder may leave it unrenewed.</param>
/// <param name="AcquireTime">When the holder got it, by the holder's clock.</param>
/// <param name="RenewTime">When the holder last renewed it, by the holder's clock.</param>
/// <param name="Transitions">How often it has gone from one holder to another.</param>
internal sealed record LeaseRecord(string Holder, TimeSpan? Duration, string? AcquireTime, string? RenewTime, long? Transitions)
{
    /// <summary>What is in a Lease that does not exist.</summary>
    public static readonly LeaseRecord None = new("", null, null, null, null);

    // As client-go's ReleaseOnCancel leaves it behind, so that older candidates of other kinds need not wait either.
    private static readonly TimeSpan ReleasedDuration = TimeSpan.FromSeconds(1);

    public static LeaseRecord Of(KubeObject lease) => new(
        lease.Json.Text("spec", "holderIdentity") ?? "",
        lease.Json.Number("spec", "leaseDurationSeconds") is > 0 and <= int.MaxValue and var seconds ? TimeSpan.FromSeconds(seconds) : null,
        lease.Json.Text("spec", "acquireTime"),
        lease.Json.Text("spec", "renewTime"),
        lease.Json.Number("spec", "leaseTransitions"));

    /// <summary>The lease as it is to be once taken or renewed.</summary>
    public LeaseRecord HeldBy(string identity, TimeSpan duration, DateTimeOffset now) => Holder == identity
        ? this with { Duration = duration, RenewTime = MicroTime(now) }
        : new LeaseRecord(identity, duration, MicroTime(now), MicroTime(now), (Transitions + 1) ?? 0);

    /// <summary>The lease as it is to be once given up.</summary>
    public LeaseRecord Released(DateTimeOffset now) =>
        this with { Holder = "", Duration = ReleasedDuration, AcquireTime = MicroTime(now), RenewTime = MicroTime(now) };

    public KubeObject ToManifest(ObjectKey key) => KubeObject.From(new JsonObject
    {
        ["apiVersion"] = Kinds.Lease.ApiVersion,
        ["kind"] = Kinds.Lease.Kind,
        ["metadata"] = new JsonObject { ["namespace"] = key.Namespace, ["name"] = key.Name },
        ["spec"] = Spec(),
    });

    /// <summary>A merge patch that is refused as a conflict unless the Lease is still at this version.</summary>
    public JsonElement ToPatch(string resourceVersion) => new JsonObject
    {
        ["metadata"] = new JsonObject { ["resourceVersion"] = resourceVersion },
        ["spec"] = Spec(),
    }.ToElement();

    // API servers take nothing but exactly six digits.
    private static string MicroTime(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    private JsonObject Spec() => new()
    {
        ["holderIdentity"] = Holder,
        ["leaseDurationSeconds"] = (long?)Duration?.TotalSeconds,
        ["acquireTime"] = AcquireTime,
        ["renewTime"] = RenewTime,
        ["leaseTransitions"] = Transitions,
    };
}

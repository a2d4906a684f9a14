using System.Collections.Immutable;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Tools.Status;

namespace ServiceProviderOcm.Sandbox.Demo.View;

/// <summary>The status of all OCMs and their managed objects. Immutable.</summary>
internal sealed record PlatformStatus
{
    private const string Ocm = "OCM";
    private const string Configuration = "ProviderConfig";
    private const string Gone = "Gone";
    private const int LatestCount = 8;

    /// <summary>No objects.</summary>
    public static readonly PlatformStatus Empty = new();

    private ImmutableDictionary<ObjectKey, OcmSummary> Summaries { get; init; } = ImmutableDictionary<ObjectKey, OcmSummary>.Empty;

    // By tenant namespace; also of OCMs that are gone, since their managed objects may follow.
    private ImmutableDictionary<string, ObjectKey> Tenants { get; init; } = ImmutableDictionary<string, ObjectKey>.Empty;

    private ImmutableDictionary<(ResourceKind Kind, ObjectKey Key), ManagedObject> Objects { get; init; } =
        ImmutableDictionary<(ResourceKind Kind, ObjectKey Key), ManagedObject>.Empty;

    /// <summary>The rollout of the configuration.</summary>
    public ProgressingCondition Rollout { get; private init; } = ProgressingCondition.None;

    /// <summary>All OCMs, by namespace and name.</summary>
    public IReadOnlyList<OcmSummary> Ocms => OcmSummary.Sorted(Summaries.Values);

    /// <summary>The latest changes, the oldest first.</summary>
    public ImmutableList<StatusChange> Latest { get; private init; } = [];

    /// <summary>The status of an OCM; null if it does not exist.</summary>
    public OcmSummary? Find(ObjectKey ocm) => Summaries.GetValueOrDefault(ocm);

    public IReadOnlyList<(string Kind, string Name, ManagedObject Object)> ObjectsOf(OcmSummary ocm) =>
    [
        .. Objects
            .Where(entry => entry.Key.Key.Namespace == ocm.TenantNamespace)
            .Select(entry => (entry.Key.Kind.Kind, entry.Key.Key.Name, entry.Value))
            .OrderBy(entry => entry.Kind, StringComparer.Ordinal)
            .ThenBy(entry => entry.Name, StringComparer.Ordinal),
    ];

    /// <summary>The status after a change.</summary>
    /// <param name="change">A change of an OCM or of a managed object.</param>
    /// <param name="now">Local time.</param>
    /// <returns>The new status; the same if the change is not relevant.</returns>
    public PlatformStatus With(InformerChange change, DateTimeOffset now) =>
        change.Kind.Kind switch
        {
            Ocm => WithOcm(change, now),
            Configuration => WithConfiguration(change, now),
            _ => WithObject(change, now),
        };

    private PlatformStatus WithOcm(InformerChange change, DateTimeOffset now)
    {
        if (change.After is not { } ocm)
        {
            var remaining = this with { Summaries = Summaries.Remove(change.Key) };
            return remaining.WithLatest(new StatusChange(now, $"{change.Key}", Ocm, Gone, ""));
        }

        var summary = OcmSummary.Of(ocm);
        if (summary == Find(change.Key))
        {
            return this;
        }

        var known = this with
        {
            Summaries = Summaries.SetItem(change.Key, summary),
            Tenants = Tenants.SetItem(summary.TenantNamespace, change.Key),
        };
        return known.WithLatest(new StatusChange(
            now,
            $"{change.Key}",
            Ocm,
            summary.Phase.Length == 0 ? "New" : summary.Phase,
            summary.Reason.Length == 0 ? summary.Message : $"{summary.Reason}: {summary.Message}"));
    }

    private PlatformStatus WithConfiguration(InformerChange change, DateTimeOffset now)
    {
        var rollout = change.After is { } config ? ProgressingCondition.Of(config) : ProgressingCondition.None;
        return rollout == Rollout ? this : (this with { Rollout = rollout }).WithLatest(new StatusChange(
            now, change.Key.Name, Configuration, rollout.State, $"{rollout}"));
    }

    private PlatformStatus WithObject(InformerChange change, DateTimeOffset now)
    {
        var id = (change.Kind, change.Key);
        var before = Objects.GetValueOrDefault(id);
        if (change.After is not { } subject)
        {
            return before is null ? this : (this with { Objects = Objects.Remove(id) }).WithLatest(Changed(Gone, ""));
        }

        var after = ManagedObject.Of(change.Kind, subject);
        var known = this with { Objects = Objects.SetItem(id, after) };
        if (Drift(change) is var (state, fields))
        {
            return known.WithLatest(Changed(state, fields));
        }

        return after == before ? this : known.WithLatest(Changed(after.State, after.Message));

        StatusChange Changed(string state, string message) => new(
            now,
            Tenants.TryGetValue(change.Key.Namespace, out var ocm) ? $"{ocm}" : change.Key.Namespace,
            change.Kind.Kind,
            state,
            message.Length == 0 ? change.Key.Name : message);
    }

    // Another field manager has changed managed fields, or the controller has reverted that.
    private static (string State, string Fields)? Drift(InformerChange change)
    {
        if (change is not { Before: { } before, After: { } after } || before.Generation == after.Generation)
        {
            return null;
        }

        var foreign = Fields(after);
        return foreign.Length > 0 ? ("Changed", $"{foreign}, by another field manager")
            : Fields(before) is { Length: > 0 } restored ? ("Restored", $"{restored}, by the controller")
            : null;

        static string Fields(KubeObject subject) => string.Join(", ", subject.Ownership.Foreign.Select(path => string.Join('.', path)));
    }

    private PlatformStatus WithLatest(StatusChange change) => this with { Latest = [.. Latest.Add(change).TakeLast(LatestCount)] };
}

using System.Collections.Immutable;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Tools.Status;

namespace ServiceProviderOcm.Sandbox.View;

/// <summary>How all that is followed stands. Immutable; each change yields another.</summary>
internal sealed record Standing
{
    private const string Ocm = "OCM";
    private const string Gone = "Gone";
    private const int LatestCount = 8;

    /// <summary>Nothing is known.</summary>
    public static readonly Standing Empty = new();

    private ImmutableDictionary<ObjectKey, OcmSummary> Summaries { get; init; } = ImmutableDictionary<ObjectKey, OcmSummary>.Empty;

    // By the tenant's namespace, also of OCMs that are gone: what is left behind them is still told by their name.
    private ImmutableDictionary<string, ObjectKey> Tenants { get; init; } = ImmutableDictionary<string, ObjectKey>.Empty;

    private ImmutableDictionary<(ResourceKind Kind, ObjectKey Key), ManagedObject> Objects { get; init; } =
        ImmutableDictionary<(ResourceKind Kind, ObjectKey Key), ManagedObject>.Empty;

    /// <summary>All OCMs, by namespace and name.</summary>
    public IReadOnlyList<OcmSummary> Ocms => OcmSummary.Sorted(Summaries.Values);

    /// <summary>What has happened last, the oldest first.</summary>
    public ImmutableList<Happening> Latest { get; private init; } = [];

    /// <summary>How an OCM stands; null if there is none.</summary>
    public OcmSummary? Find(ObjectKey ocm) => Summaries.GetValueOrDefault(ocm);

    /// <summary>What has been written for an OCM, by kind and name.</summary>
    public IReadOnlyList<(string Kind, string Name, ManagedObject Object)> ObjectsOf(OcmSummary ocm) =>
    [
        .. Objects
            .Where(entry => entry.Key.Key.Namespace == ocm.TenantNamespace)
            .Select(entry => (entry.Key.Kind.Kind, entry.Key.Key.Name, entry.Value))
            .OrderBy(entry => entry.Kind, StringComparer.Ordinal)
            .ThenBy(entry => entry.Name, StringComparer.Ordinal),
    ];

    /// <summary>How it stands after a change.</summary>
    /// <param name="change">The change, of an OCM or of what is written for one.</param>
    /// <param name="now">Local time.</param>
    /// <returns>The new standing, the same if the change does not matter.</returns>
    public Standing With(InformerChange change, DateTimeOffset now) =>
        change.Kind.Kind == Ocm ? WithOcm(change, now) : WithObject(change, now);

    private Standing WithOcm(InformerChange change, DateTimeOffset now)
    {
        if (change.After is not { } ocm)
        {
            return (this with { Summaries = Summaries.Remove(change.Key) }).Told(new Happening(now, $"{change.Key}", Ocm, Gone, ""));
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
        return known.Told(new Happening(
            now,
            $"{change.Key}",
            Ocm,
            summary.Phase.Length == 0 ? "New" : summary.Phase,
            summary.Reason.Length == 0 ? summary.Message : $"{summary.Reason}: {summary.Message}"));
    }

    private Standing WithObject(InformerChange change, DateTimeOffset now)
    {
        var id = (change.Kind, change.Key);
        var before = Objects.GetValueOrDefault(id);
        if (change.After is not { } subject)
        {
            return before is null ? this : (this with { Objects = Objects.Remove(id) }).Told(Happened(Gone, ""));
        }

        var after = ManagedObject.Of(change.Kind, subject);
        var known = this with { Objects = Objects.SetItem(id, after) };
        if (Intervention(change) is var (state, fields))
        {
            return known.Told(Happened(state, fields));
        }

        return after == before ? this : known.Told(Happened(after.State, after.Message));

        Happening Happened(string state, string message) => new(
            now,
            Tenants.TryGetValue(change.Key.Namespace, out var ocm) ? $"{ocm}" : change.Key.Namespace,
            change.Kind.Kind,
            state,
            message.Length == 0 ? change.Key.Name : message);
    }

    // Somebody has changed what the provider wants, or the provider has put it right.
    private static (string State, string Fields)? Intervention(InformerChange change)
    {
        if (change is not { Before: { } before, After: { } after } || before.Generation == after.Generation)
        {
            return null;
        }

        var foreign = Fields(after);
        return foreign.Length > 0 ? ("Changed", $"{foreign}, by somebody else")
            : Fields(before) is { Length: > 0 } restored ? ("Restored", $"{restored}, by the controller")
            : null;

        static string Fields(KubeObject subject) => string.Join(", ", subject.Ownership.Foreign.Select(path => string.Join('.', path)));
    }

    private Standing Told(Happening happening) => this with { Latest = [.. Latest.Add(happening).TakeLast(LatestCount)] };
}

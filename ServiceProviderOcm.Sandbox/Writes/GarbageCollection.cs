using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Sandbox.Json;
using ServiceProviderOcm.Sandbox.Serving;
using ServiceProviderOcm.Sandbox.Storage;

namespace ServiceProviderOcm.Sandbox.Writes;

/// <summary>
/// What the garbage collector of a real cluster does about <c>ownerReferences</c>: see
/// <see href="https://kubernetes.io/docs/concepts/architecture/garbage-collection/">there</see>. Dependents that have lost their last
/// owner are deleted, others forget the owners they have lost, and owners that wait for their dependents are let go.
/// </summary>
internal static class GarbageCollection
{
    /// <summary>Does what follows from some changes. What follows from that takes another call.</summary>
    /// <param name="transaction">Where.</param>
    /// <param name="kinds">The kinds that are served; owners of other kinds are taken to be there.</param>
    /// <param name="news">The changes.</param>
    /// <param name="now">When.</param>
    public static void Collect(Transaction transaction, KindRegistry kinds, IReadOnlyList<StoreChange> news, DateTimeOffset now)
    {
        var concernsOthers = news.Any(change => change.After is not { } after || IsHeld(after));
        var dependents = concernsOthers
            ? All(transaction)
            : news.Select(change => new Entry(change.Resource, Deletion.KeyOf(change.After!.Value), change.After.Value));
        foreach (var dependent in dependents.Where(entry => References(entry.Stored).Any()).ToList())
        {
            Collect(transaction, kinds, dependent, now);
        }

        foreach (var owner in concernsOthers ? All(transaction).Where(entry => IsHeld(entry.Stored)).ToList() : [])
        {
            Release(transaction, owner);
        }
    }

    private static void Collect(Transaction transaction, KindRegistry kinds, Entry dependent, DateTimeOffset now)
    {
        if (transaction.State.Find(dependent.Resource, dependent.Key) is not { } stored)
        {
            return;
        }

        var owners = References(stored).ToLookup(reference => Standing(transaction, kinds, dependent.Key.Namespace, reference));
        if (owners.All(group => group.Key == OwnerStanding.There))
        {
            return;
        }

        if (owners.Contains(OwnerStanding.There) || owners.Contains(OwnerStanding.LeavesDependents))
        {
            Forget(transaction, dependent, stored, [.. owners[OwnerStanding.There].Select(reference => reference.Text("uid"))]);
            return;
        }

        var isOwnerItself = owners.Contains(OwnerStanding.WaitsForDependents)
            && All(transaction).Any(entry => Owns(stored.Text("metadata", "uid"), entry.Stored));
        Deletion.Delete(transaction, dependent.Resource, stored, isOwnerItself ? Deletion.Foreground : null, now);
    }

    private static OwnerStanding Standing(Transaction transaction, KindRegistry kinds, string ns, JsonElement reference)
    {
        if (kinds.Named(reference.Text("apiVersion") ?? "", reference.Text("kind") ?? "") is not { } kind)
        {
            return OwnerStanding.There;
        }

        var key = new StoreKey(kind.Kind.IsNamespaced ? ns : "", reference.Text("name") ?? "");
        if (transaction.State.Find(kind.Resource, key) is not { } owner || owner.Text("metadata", "uid") != reference.Text("uid"))
        {
            return OwnerStanding.Gone;
        }

        return IsHeldBy(Deletion.OrphanFinalizer, owner) ? OwnerStanding.LeavesDependents
            : IsHeldBy(Deletion.ForegroundFinalizer, owner) ? OwnerStanding.WaitsForDependents
            : OwnerStanding.There;
    }

    private static void Forget(Transaction transaction, Entry dependent, JsonElement stored, HashSet<string?> remaining)
    {
        var forgetful = stored.ToObject();
        var metadata = forgetful.Child("metadata");
        var left = forgetful.Objects("metadata", "ownerReferences")
            .Where(reference => remaining.Contains(reference.Text("uid")))
            .Select(reference => reference.DeepClone())
            .ToArray();
        metadata.Remove("ownerReferences");
        if (left.Length > 0)
        {
            metadata["ownerReferences"] = new JsonArray(left);
        }

        transaction.Put(dependent.Resource, dependent.Key, forgetful);
    }

    private static void Release(Transaction transaction, Entry held)
    {
        var uid = held.Stored.Text("metadata", "uid");
        var isWaitedFor = All(transaction).Any(entry => References(entry.Stored).Any(reference =>
            reference.Text("uid") == uid && reference.At("blockOwnerDeletion") is { ValueKind: JsonValueKind.True }));
        var owner = held.Stored.ToObject();
        var finalizers = owner.Texts("metadata", "finalizers");
        var left = finalizers.Where(finalizer =>
            finalizer != Deletion.OrphanFinalizer && (isWaitedFor || finalizer != Deletion.ForegroundFinalizer)).ToArray();
        if (left.Length == finalizers.Count)
        {
            return;
        }

        owner.Child("metadata")["finalizers"] = new JsonArray([.. left]);
        if (Deletion.Waits(owner))
        {
            transaction.Put(held.Resource, held.Key, owner);
        }
        else
        {
            transaction.Remove(held.Resource, held.Key, owner);
        }
    }

    private static bool IsHeld(JsonElement owner) =>
        IsHeldBy(Deletion.ForegroundFinalizer, owner) || IsHeldBy(Deletion.OrphanFinalizer, owner);

    private static bool IsHeldBy(string finalizer, JsonElement owner) => owner.At("metadata", "deletionTimestamp") is not null
        && owner.Items("metadata", "finalizers").Any(item => item.ValueEquals(finalizer));

    private static bool Owns(string? uid, JsonElement stored) => References(stored).Any(reference => reference.Text("uid") == uid);

    private static IEnumerable<JsonElement> References(JsonElement stored) => stored.Items("metadata", "ownerReferences");

    private static IEnumerable<Entry> All(Transaction transaction) =>
        from resource in transaction.State.Objects
        from entry in resource.Value
        select new Entry(resource.Key, entry.Key, entry.Value);

    private sealed record Entry(string Resource, StoreKey Key, JsonElement Stored);
}

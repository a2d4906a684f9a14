using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Sandbox.Json;
using ServiceProviderOcm.Sandbox.Serving;
using ServiceProviderOcm.Sandbox.Storage;

namespace ServiceProviderOcm.Sandbox.Writes;

/// <summary>
/// What follows from a write, and what a real cluster's controllers do a moment later: definitions are established, namespaces
/// that are being deleted are emptied, and so are kinds whose definitions are, and garbage is collected.
/// </summary>
/// <param name="catalog">The kinds that are served.</param>
internal sealed class Aftermath(KindCatalog catalog)
{
    private static readonly string Definitions = Kinds.CustomResourceDefinition.QualifiedPlural;
    private static readonly string Namespaces = Kinds.Namespace.QualifiedPlural;

    /// <summary>Does what is to be done after the changes of a transaction.</summary>
    public void Settle(Transaction transaction, DateTimeOffset now)
    {
        var seen = 0;
        while (seen < transaction.Changes.Count)
        {
            var news = transaction.Changes.Skip(seen).ToList();
            seen = transaction.Changes.Count;
            if (news.Exists(change => change.Resource == Definitions || change.After is null))
            {
                SettleDefinitions(transaction, now);
            }

            if (news.Exists(change => change.Resource == Namespaces || change.After is null))
            {
                SettleNamespaces(transaction, now);
            }

            GarbageCollection.Collect(transaction, catalog.At(transaction.State), news, now);
        }
    }

    private static void SettleDefinitions(Transaction transaction, DateTimeOffset now)
    {
        foreach (var (key, stored) in transaction.State.Of(Definitions))
        {
            var group = stored.Text("spec", "group");
            var others = transaction.State.Of(Definitions)
                .Where(other => other.Key != key && other.Value.Text("spec", "group") == group)
                .Select(other => other.Value.ToObject())
                .ToList();
            var definition = stored.ToObject();
            var settled = DefinitionStatus.Settle(definition, others, Timestamps.Of(now));
            if (!Nodes.Same(settled, definition))
            {
                transaction.Put(Definitions, key, settled);
            }

            if (stored.At("metadata", "deletionTimestamp") is not null)
            {
                var resource = $"{stored.Text("spec", "names", "plural")}.{group}";
                Empty(transaction, resource, _ => true, now);
                if (transaction.State.Of(resource).IsEmpty)
                {
                    Release(transaction, key, settled);
                }
            }
        }
    }

    private static void Release(Transaction transaction, StoreKey key, JsonObject definition)
    {
        var finalizers = definition.Texts("metadata", "finalizers");
        if (!finalizers.Contains(DefinitionRules.CleanupFinalizer) && finalizers.Count > 0)
        {
            return;
        }

        var metadata = definition.Child("metadata");
        metadata["finalizers"] = new JsonArray([.. finalizers.Where(finalizer => finalizer != DefinitionRules.CleanupFinalizer)]);
        if (Deletion.Waits(definition))
        {
            transaction.Put(Definitions, key, definition);
        }
        else
        {
            transaction.Remove(Definitions, key, definition);
        }
    }

    private void SettleNamespaces(Transaction transaction, DateTimeOffset now)
    {
        foreach (var (key, stored) in transaction.State.Of(Namespaces).Where(entry => entry.Value.At("metadata", "deletionTimestamp") is not null))
        {
            var resources = catalog.At(transaction.State).All
                .Where(kind => kind.Kind.IsNamespaced && !kind.IsReview)
                .Select(kind => kind.Resource)
                .ToHashSet();
            var isEmpty = true;
            foreach (var resource in resources)
            {
                Empty(transaction, resource, inside => inside.Namespace == key.Name, now);
                isEmpty &= !transaction.State.Of(resource).Keys.Any(inside => inside.Namespace == key.Name);
            }

            if (isEmpty)
            {
                var last = stored.ToObject();
                last["spec"] = new JsonObject();
                if (Deletion.Waits(last))
                {
                    if (stored.Items("spec", "finalizers").Any())
                    {
                        transaction.Put(Namespaces, key, last);
                    }
                }
                else
                {
                    transaction.Remove(Namespaces, key, last);
                }
            }
        }
    }

    private static void Empty(Transaction transaction, string resource, Predicate<StoreKey> which, DateTimeOffset now)
    {
        foreach (var (_, stored) in transaction.State.Of(resource).Where(entry => which(entry.Key)))
        {
            Deletion.Delete(transaction, resource, stored, null, now);
        }
    }
}

using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Sandbox.ApiServer.Json;
using ServiceProviderOcm.Sandbox.ApiServer.Serving;
using ServiceProviderOcm.Sandbox.ApiServer.Storage;

namespace ServiceProviderOcm.Sandbox.ApiServer.Writes;

/// <summary>
/// The controllers of kube-apiserver and of namespaces, in the same transaction as the write: definitions are established, and the
/// contents of terminating namespaces and definitions are deleted.
/// </summary>
/// <param name="catalog">The kinds that are served.</param>
internal sealed class BuiltInControllers(KindCatalog catalog)
{
    private static readonly string Definitions = CoreKinds.CustomResourceDefinition.QualifiedPlural;
    private static readonly string Namespaces = CoreKinds.Namespace.QualifiedPlural;

    /// <summary>Reconciles after the changes of a transaction.</summary>
    public void Reconcile(Transaction transaction, DateTimeOffset now)
    {
        var reconciled = 0;
        while (reconciled < transaction.Changes.Count)
        {
            var changes = transaction.Changes.Skip(reconciled).ToList();
            reconciled = transaction.Changes.Count;
            if (changes.Exists(change => change.Resource == Definitions || change.After is null))
            {
                var haveDefinitionsChanged = changes.Exists(change => change.Resource == Definitions);
                ReconcileDefinitions(transaction, haveDefinitionsChanged, now);
            }

            if (changes.Exists(change => change.Resource == Namespaces || change.After is null))
            {
                ReconcileNamespaces(transaction, now);
            }
        }
    }

    // When another object was deleted, only terminating definitions, which may have waited for it, are reconciled.
    private static void ReconcileDefinitions(Transaction transaction, bool haveChanged, DateTimeOffset now)
    {
        foreach (var (key, stored) in transaction.State.Of(Definitions)
            .Where(each => haveChanged || each.Value.At("metadata", "deletionTimestamp") is not null))
        {
            var group = stored.Text("spec", "group");
            var others = transaction.State.Of(Definitions)
                .Where(other => other.Key != key && other.Value.Text("spec", "group") == group)
                .Select(other => other.Value.ToObject())
                .ToList();
            var definition = stored.ToObject();
            var reconciled = CustomResourceDefinitionStatus.Reconcile(definition, others, Timestamps.Time(now));
            if (!Nodes.Same(reconciled, definition))
            {
                transaction.Put(Definitions, key, reconciled);
            }

            if (stored.At("metadata", "deletionTimestamp") is not null)
            {
                var resource = $"{stored.Text("spec", "names", "plural")}.{group}";
                DeleteAll(transaction, resource, _ => true, now);
                if (transaction.State.Of(resource).IsEmpty)
                {
                    RemoveCleanupFinalizer(transaction, key, reconciled);
                }
            }
        }
    }

    private static void RemoveCleanupFinalizer(Transaction transaction, StoreKey key, JsonObject definition)
    {
        var finalizers = definition.Texts("metadata", "finalizers");
        if (!finalizers.Contains(CustomResourceDefinitionRules.CleanupFinalizer) && finalizers.Count > 0)
        {
            return;
        }

        var metadata = definition.Child("metadata");
        metadata["finalizers"] = new JsonArray(
            [.. finalizers.Where(finalizer => finalizer != CustomResourceDefinitionRules.CleanupFinalizer)]);
        if (Deletion.HasFinalizers(definition))
        {
            transaction.Put(Definitions, key, definition);
        }
        else
        {
            transaction.Remove(Definitions, key, definition);
        }
    }

    private void ReconcileNamespaces(Transaction transaction, DateTimeOffset now)
    {
        var namespaces = transaction.State.Of(Namespaces);
        foreach (var (key, stored) in namespaces.Where(entry => entry.Value.At("metadata", "deletionTimestamp") is not null))
        {
            var resources = catalog.At(transaction.State).All
                .Where(kind => kind.Kind.IsNamespaced && !kind.IsReview)
                .Select(kind => kind.Resource)
                .ToHashSet();
            var isEmpty = true;
            foreach (var resource in resources)
            {
                DeleteAll(transaction, resource, inside => inside.Namespace == key.Name, now);
                isEmpty &= !transaction.State.Of(resource).Keys.Any(inside => inside.Namespace == key.Name);
            }

            if (isEmpty)
            {
                var last = stored.ToObject();
                last["spec"] = new JsonObject();
                if (Deletion.HasFinalizers(last))
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

    private static void DeleteAll(Transaction transaction, string resource, Predicate<StoreKey> which, DateTimeOffset now)
    {
        foreach (var (_, stored) in transaction.State.Of(resource).Where(entry => which(entry.Key)))
        {
            Deletion.Delete(transaction, resource, stored, null, now);
        }
    }
}

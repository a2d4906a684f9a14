using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Sandbox.ApiServer.Errors;
using ServiceProviderOcm.Sandbox.ApiServer.Json;
using ServiceProviderOcm.Sandbox.ApiServer.Serving;
using ServiceProviderOcm.Sandbox.ApiServer.Storage;

namespace ServiceProviderOcm.Sandbox.ApiServer.Writes;

/// <summary>Reads and stores the object of a request.</summary>
internal sealed class ObjectRegistry(Transaction transaction, ServedKind kind, WriteOptions options)
{
    private StoreKey Key => new(kind.Kind.IsNamespaced ? options.Namespace : "", options.Name);

    /// <summary>The object; null if it does not exist.</summary>
    public JsonElement? Find() => transaction.State.Find(kind.Resource, Key);

    /// <summary>The object.</summary>
    /// <exception cref="StatusException">It does not exist.</exception>
    public JsonElement Existing() => Find() ?? throw StatusErrors.NotFound(kind.Kind, options.Name);

    /// <summary>Stores a new object.</summary>
    /// <exception cref="StatusException">It exists, or its namespace or definition is missing or terminating.</exception>
    public JsonElement Add(JsonObject now)
    {
        var name = now.Text("metadata", "name")!;
        if (kind.IsTerminating)
        {
            throw StatusErrors.MethodNotAllowed("create not allowed while custom resource definition is terminating");
        }

        if (kind.Kind.IsNamespaced)
        {
            RequireNamespace(name);
        }

        var key = Key with { Name = name };
        if (transaction.State.Find(kind.Resource, key) is not null)
        {
            throw StatusErrors.AlreadyExists(kind.Kind, name);
        }

        return transaction.Put(kind.Resource, key, now);
    }

    /// <summary>Stores a change, unless the object stays the same. A terminating object without finalizers is removed.</summary>
    public JsonElement Store(JsonElement stored, JsonObject before, JsonObject now)
    {
        if (Nodes.Same(WithoutTimes(before), WithoutTimes(now)) && before.Text("apiVersion") == now.Text("apiVersion"))
        {
            return stored;
        }

        return now.Text("metadata", "deletionTimestamp") is not null && !Deletion.HasFinalizers(now)
            ? transaction.Remove(kind.Resource, Key, now)
            : transaction.Put(kind.Resource, Key, now);
    }

    private void RequireNamespace(string name)
    {
        if (transaction.State.Find(CoreKinds.Namespace.Plural, new StoreKey("", options.Namespace)) is not { } home)
        {
            throw StatusErrors.NotFound(CoreKinds.Namespace, options.Namespace);
        }

        if (home.At("metadata", "deletionTimestamp") is not null)
        {
            throw StatusErrors.Forbidden(
                kind.Kind.Group,
                kind.Kind.Plural,
                name,
                $"unable to create new content in namespace {options.Namespace} because it is being terminated");
        }
    }

    private static JsonObject WithoutTimes(JsonObject subject)
    {
        var copy = subject.Copy();
        (copy["metadata"] as JsonObject)?.Remove("resourceVersion");
        foreach (var entry in copy.Objects("metadata", "managedFields"))
        {
            entry.Remove("time");
        }

        return copy;
    }
}

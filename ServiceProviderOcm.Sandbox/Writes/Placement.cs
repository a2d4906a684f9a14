using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Sandbox.Errors;
using ServiceProviderOcm.Sandbox.Json;
using ServiceProviderOcm.Sandbox.Serving;
using ServiceProviderOcm.Sandbox.Storage;

namespace ServiceProviderOcm.Sandbox.Writes;

/// <summary>Finds the object that a request is about, and puts it into its place.</summary>
internal sealed class Placement(Transaction transaction, ServedKind kind, WriteOptions options)
{
    private StoreKey Key => new(kind.Kind.IsNamespaced ? options.Namespace : "", options.Name);

    /// <summary>The object; null where there is none.</summary>
    public JsonElement? Find() => transaction.State.Find(kind.Resource, Key);

    /// <summary>The object.</summary>
    /// <exception cref="StatusException">There is none.</exception>
    public JsonElement Existing() => Find() ?? throw Refusals.NotFound(kind.Kind, options.Name);

    /// <summary>Stores a new object.</summary>
    /// <exception cref="StatusException">Its place is taken, or its namespace or kind takes no more.</exception>
    public JsonElement Add(JsonObject now)
    {
        var name = now.Text("metadata", "name")!;
        if (kind.IsTerminating)
        {
            throw Refusals.MethodNotAllowed("create not allowed while custom resource definition is terminating");
        }

        if (kind.Kind.IsNamespaced)
        {
            RequireNamespace(name);
        }

        var key = Key with { Name = name };
        if (transaction.State.Find(kind.Resource, key) is not null)
        {
            throw Refusals.AlreadyExists(kind.Kind, name);
        }

        return transaction.Put(kind.Resource, key, now);
    }

    /// <summary>Stores a change, unless it is none. What was being deleted and has nothing left to wait for is removed.</summary>
    public JsonElement Store(JsonElement stored, JsonObject before, JsonObject now)
    {
        if (Nodes.Same(WithoutTimes(before), WithoutTimes(now)) && before.Text("apiVersion") == now.Text("apiVersion"))
        {
            return stored;
        }

        return now.Text("metadata", "deletionTimestamp") is not null && !Deletion.Waits(now)
            ? transaction.Remove(kind.Resource, Key, now)
            : transaction.Put(kind.Resource, Key, now);
    }

    private void RequireNamespace(string name)
    {
        if (transaction.State.Find(Kinds.Namespace.Plural, new StoreKey("", options.Namespace)) is not { } home)
        {
            throw Refusals.NotFound(Kinds.Namespace, options.Namespace);
        }

        if (home.At("metadata", "deletionTimestamp") is not null)
        {
            throw Refusals.Forbidden(
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

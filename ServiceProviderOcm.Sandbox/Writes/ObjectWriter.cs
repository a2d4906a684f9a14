using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Objects;
using ServiceProviderOcm.Sandbox.Errors;
using ServiceProviderOcm.Sandbox.Json;
using ServiceProviderOcm.Sandbox.Ownership;
using ServiceProviderOcm.Sandbox.Patches;
using ServiceProviderOcm.Sandbox.Schema;
using ServiceProviderOcm.Sandbox.Serving;
using ServiceProviderOcm.Sandbox.Storage;

namespace ServiceProviderOcm.Sandbox.Writes;

/// <summary>Carries out the writes of one request on objects of one kind. What it returns is in the stored form.</summary>
internal sealed class ObjectWriter(Transaction transaction, ServedKind kind, WriteOptions options)
{
    private const string Status = "status";
    private const string Finalize = "finalize";

    private static readonly string[] SystemMetadata =
    [
        "uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation", "resourceVersion", "selfLink",
    ];

    /// <summary>Creates an object.</summary>
    /// <exception cref="StatusException">It is refused.</exception>
    public JsonElement Create(JsonObject body)
    {
        Identify(body);
        body.Child("metadata").Remove("managedFields");
        var now = Prepare(kind.Stored(body), null);
        var owner = options.Owner(FieldOwner.Update, kind.Kind.ApiVersion);
        ManagedFields.Write(now, ManagedFields.AfterUpdate(kind.Schema, null, now, owner, Timestamps.Of(options.Now)));
        return Add(now);
    }

    /// <summary>Replaces an object, or its subresource.</summary>
    /// <exception cref="StatusException">It is refused.</exception>
    public JsonElement Replace(JsonObject body)
    {
        var stored = Existing();
        Identify(body);
        if (kind.IsCustom && body.Text("metadata", "resourceVersion") is null or "")
        {
            throw Refusals.Invalid(
                kind.Kind,
                options.Name,
                [new FieldError(FieldErrorType.Invalid, "metadata.resourceVersion", "0x0", "must be specified for an update")]);
        }

        return Update(stored, body);
    }

    /// <summary>Patches an object, or its subresource.</summary>
    /// <param name="mediaType">The form of the patch.</param>
    /// <param name="patch">The patch.</param>
    /// <exception cref="StatusException">It is refused.</exception>
    public JsonElement Patch(string mediaType, JsonNode patch)
    {
        if (mediaType == MediaTypes.ApplyPatch)
        {
            return Apply(patch as JsonObject ?? throw Refusals.BadRequest("an applied manifest is an object"));
        }

        var stored = Existing();
        var live = kind.View(stored);
        var patched = (mediaType, patch) switch
        {
            (MediaTypes.MergePatch, JsonObject changes) => JsonMergePatch.Apply(live, changes),
            (MediaTypes.JsonPatch, JsonArray operations) => JsonPatch.Apply(live, operations),
            (MediaTypes.StrategicMergePatch, JsonObject changes) when !kind.IsCustom => StrategicMergePatch.Apply(live, changes),
            (MediaTypes.MergePatch or MediaTypes.JsonPatch, _) => throw Refusals.BadRequest("the patch is of the wrong type"),
            _ => throw Refusals.UnsupportedMediaType(MediaTypes.Patches),
        };
        var now = patched as JsonObject ?? throw Refusals.BadRequest("the patch leaves no object");
        Identify(now);
        return Update(stored, now);
    }

    /// <summary>Deletes an object.</summary>
    /// <param name="deleteOptions">The request's body; may be empty.</param>
    /// <returns>The object, and whether it is gone already.</returns>
    /// <exception cref="StatusException">It is refused.</exception>
    public (JsonElement Subject, bool IsGone) Delete(JsonObject deleteOptions)
    {
        var stored = Existing();
        CheckPrecondition("UID", deleteOptions.Text("preconditions", "uid"), stored.Text("metadata", "uid"));
        CheckPrecondition(
            "ResourceVersion", deleteOptions.Text("preconditions", "resourceVersion"), stored.Text("metadata", "resourceVersion"));
        if (kind.Kind == Kinds.Namespace && options.Name is "default" or "kube-system" or "kube-public")
        {
            throw Refusals.Forbidden("", kind.Kind.Plural, options.Name, "this namespace may not be deleted");
        }

        return Deletion.Delete(transaction, kind.Resource, stored, deleteOptions.Text("propagationPolicy"), options.Now);
    }

    private JsonElement Apply(JsonObject manifest)
    {
        if (manifest.At("metadata", "managedFields") is not null)
        {
            throw Refusals.BadRequest("metadata.managedFields must be nil");
        }

        Identify(manifest);
        manifest["metadata"]!["name"] ??= options.Name;
        var existing = transaction.State.Find(kind.Resource, Key);
        if (existing is null && options.Subresource.Length > 0)
        {
            throw Refusals.NotFound(kind.Kind, options.Name);
        }

        var before = existing?.ToObject();
        CheckVersion(before, manifest);
        var applied = Applicable(kind.Stored(manifest));
        Drop(applied);
        var owner = options.Owner(FieldOwner.Apply, kind.Kind.ApiVersion);
        var merged = ServerSideApply.Apply(kind.Schema, before, applied, owner, options.Force, Timestamps.Of(options.Now));
        var managed = merged["metadata"]!["managedFields"]?.DeepClone();
        var now = Prepare(merged, before);
        now.Child("metadata")["managedFields"] = managed;
        return before is null ? Add(now) : Store(existing!.Value, before, now);
    }

    // The part of a manifest that the request can write.
    private JsonObject Applicable(JsonObject manifest)
    {
        var part = manifest.Copy();
        if (options.Subresource == Status)
        {
            var metadata = part["metadata"]!.DeepClone();
            var status = part[Status]?.DeepClone();
            part = new JsonObject { ["apiVersion"] = kind.Kind.ApiVersion, ["kind"] = kind.Kind.Kind };
            part["metadata"] = new JsonObject { ["name"] = metadata.Text("name"), ["namespace"] = metadata.Text("namespace") };
            part[Status] = status;
        }
        else if (kind.HasStatus)
        {
            part.Remove(Status);
        }

        return part;
    }

    private JsonElement Update(JsonElement stored, JsonObject body)
    {
        var before = stored.ToObject();
        CheckVersion(before, body);
        CheckPrecondition("UID", body.Text("metadata", "uid"), before.Text("metadata", "uid"));
        var forgets = body.At("metadata", "managedFields") is JsonArray { Count: 0 } or JsonArray { Count: 1 } and [JsonObject { Count: 0 }];
        var now = Prepare(kind.Stored(body), before);
        var owner = options.Owner(FieldOwner.Update, kind.Kind.ApiVersion);
        ManagedFields.Write(
            now, forgets ? [] : ManagedFields.AfterUpdate(kind.Schema, before, now, owner, Timestamps.Of(options.Now)));
        return Store(stored, before, now);
    }

    private JsonObject Prepare(JsonObject now, JsonObject? before)
    {
        if (options.Subresource.Length > 0 && before is not null)
        {
            now = WithSubresource(now, before);
        }
        else if (kind.HasStatus)
        {
            Restore(now, before, Status);
        }

        Drop(now);
        Defaulting.SetDefaults(now, kind.Schema);
        SetMetadata(now, before);
        var rules = options.Subresource == Finalize ? null : KindRules.Of(kind.Kind);
        rules?.Prepare(now, before);
        var errors = MetadataRules.Check(kind.Kind, now)
            .Concat(before is null ? [] : MetadataRules.CheckChange(before, now))
            .Concat(Validation.Validate(now, kind.Schema))
            .ToList();
        errors.AddRange(errors.Count == 0 && rules is not null ? rules.Check(now, before) : []);
        if (errors.Count > 0)
        {
            throw Refusals.Invalid(kind.Kind, now.Text("metadata", "name") ?? "", errors);
        }

        Count(now, before);
        return now;
    }

    private JsonObject WithSubresource(JsonObject now, JsonObject before)
    {
        var result = before.Copy();
        if (options.Subresource == Status)
        {
            Restore(result, now, Status);
        }
        else
        {
            result.Child("spec").Remove("finalizers");
            if (now.At("spec", "finalizers") is JsonArray { Count: > 0 } finalizers)
            {
                result.Child("spec")["finalizers"] = finalizers.DeepClone();
            }
        }

        return result;
    }

    private void Drop(JsonObject subject)
    {
        subject["metadata"].DropNulls();
        if (!kind.IsCustom)
        {
            subject.DropNulls();
        }

        var unknown = Pruning.Prune(subject, kind.Schema);
        if (options.Strict && unknown.Count > 0)
        {
            throw Refusals.BadRequest(
                $"strict decoding error: {string.Join(", ", unknown.Select(field => $"unknown field \"{field}\""))}");
        }
    }

    private void SetMetadata(JsonObject now, JsonObject? before)
    {
        var metadata = now.Child("metadata");
        foreach (var field in SystemMetadata)
        {
            Restore(metadata, before?["metadata"] as JsonObject, field);
        }

        if (kind.Kind.IsNamespaced)
        {
            metadata["namespace"] = options.Namespace;
        }
        else
        {
            metadata.Remove("namespace");
        }

        if (before is null)
        {
            metadata["uid"] = Guid.NewGuid().ToString();
            metadata["creationTimestamp"] = Timestamps.Of(options.Now);
            if (metadata.Text("name") is null or "" && metadata.Text("generateName") is { Length: > 0 } prefix)
            {
                metadata["name"] = prefix + RandomNumberGenerator.GetString("bcdfghjklmnpqrstvwxz2456789", 5);
            }
        }
        else
        {
            Restore(metadata, before["metadata"] as JsonObject, "name");
        }
    }

    private void Count(JsonObject now, JsonObject? before)
    {
        if (!kind.CountsGenerations)
        {
            return;
        }

        var generation = before.Number("metadata", "generation") ?? 0;
        now["metadata"]!["generation"] = before is null || !Nodes.Same(Wish(now), Wish(before)) ? generation + 1 : generation;
    }

    private JsonObject Wish(JsonObject subject)
    {
        var wish = subject.Copy();
        wish.Remove("metadata");
        wish.Remove("apiVersion");
        if (kind.HasStatus)
        {
            wish.Remove(Status);
        }

        return wish;
    }

    private JsonElement Add(JsonObject now)
    {
        var name = now.Text("metadata", "name")!;
        if (kind.IsTerminating)
        {
            throw Refusals.MethodNotAllowed("create not allowed while custom resource definition is terminating");
        }

        if (kind.Kind.IsNamespaced)
        {
            CheckNamespace(name);
        }

        var key = new StoreKey(Key.Namespace, name);
        if (transaction.State.Find(kind.Resource, key) is not null)
        {
            throw Refusals.AlreadyExists(kind.Kind, name);
        }

        return transaction.Put(kind.Resource, key, now);
    }

    private void CheckNamespace(string name)
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

    private JsonElement Store(JsonElement stored, JsonObject before, JsonObject now)
    {
        if (Nodes.Same(WithoutTimes(before), WithoutTimes(now)) && before.Text("apiVersion") == now.Text("apiVersion"))
        {
            return stored;
        }

        return now.Text("metadata", "deletionTimestamp") is not null && !Deletion.Waits(now)
            ? transaction.Remove(kind.Resource, Key, now)
            : transaction.Put(kind.Resource, Key, now);
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

    private JsonElement Existing() =>
        transaction.State.Find(kind.Resource, Key) ?? throw Refusals.NotFound(kind.Kind, options.Name);

    private StoreKey Key => new(kind.Kind.IsNamespaced ? options.Namespace : "", options.Name);

    private void Identify(JsonObject body)
    {
        if (kind.IsCustom && body.Text("kind") is null or "")
        {
            throw Refusals.BadRequest("Object 'Kind' is missing in the body of the request");
        }

        if (body.Text("apiVersion") is { Length: > 0 } version && version != kind.Kind.ApiVersion)
        {
            throw Refusals.BadRequest(
                $"the API version in the data ({version}) does not match the expected API version ({kind.Kind.ApiVersion})");
        }

        if (body.Text("kind") is { Length: > 0 } called && called != kind.Kind.Kind)
        {
            throw Refusals.BadRequest($"{called} in version \"{kind.Kind.Version}\" cannot be handled as a {kind.Kind.Kind}");
        }

        var metadata = body.Child("metadata");
        if (metadata.Text("name") is { Length: > 0 } name && options.Name.Length > 0 && name != options.Name)
        {
            throw Refusals.BadRequest($"the name of the object ({name}) does not match the name on the URL ({options.Name})");
        }

        if (kind.Kind.IsNamespaced && metadata.Text("namespace") is { Length: > 0 } ns && ns != options.Namespace)
        {
            throw Refusals.BadRequest("the namespace of the provided object does not match the namespace sent on the request");
        }
    }

    private void CheckVersion(JsonObject? before, JsonObject body)
    {
        if (body.Text("metadata", "resourceVersion") is { Length: > 0 } version && version != before.Text("metadata", "resourceVersion"))
        {
            throw before is null ? Refusals.NotFound(kind.Kind, options.Name) : Refusals.Modified(kind.Kind, options.Name);
        }
    }

    private void CheckPrecondition(string what, string? wanted, string? present)
    {
        if (!string.IsNullOrEmpty(wanted) && wanted != present)
        {
            throw Refusals.Conflict(
                kind.Kind, options.Name, $"Precondition failed: {what} in precondition: {wanted}, {what} in object meta: {present}");
        }
    }

    private static void Restore(JsonObject into, JsonObject? from, string field)
    {
        if (from?[field] is { } value)
        {
            into[field] = value.DeepClone();
        }
        else
        {
            into.Remove(field);
        }
    }
}

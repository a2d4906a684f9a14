using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Sandbox.Errors;
using ServiceProviderOcm.Sandbox.Json;
using ServiceProviderOcm.Sandbox.Ownership;
using ServiceProviderOcm.Sandbox.Patches;
using ServiceProviderOcm.Sandbox.Serving;
using ServiceProviderOcm.Sandbox.Storage;

namespace ServiceProviderOcm.Sandbox.Writes;

/// <summary>Carries out the writes of one request on objects of one kind. What it returns is in the stored form.</summary>
internal sealed class ObjectWriter(Transaction transaction, ServedKind kind, WriteOptions options)
{
    private readonly BodyChecks _checks = new(kind, options);
    private readonly Preparation _preparation = new(kind, options);
    private readonly Placement _placement = new(transaction, kind, options);

    private bool IsScale => options.Subresource == ScaleView.Subresource;

    /// <summary>Creates an object.</summary>
    /// <exception cref="StatusException">It is refused.</exception>
    public JsonElement Create(JsonObject body)
    {
        _checks.Identify(body);
        if (body.Text("metadata", "resourceVersion") is { Length: > 0 })
        {
            throw new StatusException(500, "", "resourceVersion should not be set on objects to be created");
        }

        body.Child("metadata").Remove("managedFields");
        var now = _preparation.Prepare(_preparation.Read(body), null);
        var owner = options.Owner(FieldOwner.Update, kind.Kind.ApiVersion);
        ManagedFields.Write(now, ManagedFields.AfterUpdate(kind.Schema, null, now, owner, Timestamps.Of(options.Now)));
        return _placement.Add(now);
    }

    /// <summary>Replaces an object, or its subresource. Some kinds are created where they are missing.</summary>
    /// <exception cref="StatusException">It is refused.</exception>
    public JsonElement Replace(JsonObject body)
    {
        if (kind.IsCreatedByUpdates && options.Subresource.Length == 0 && _placement.Find() is null)
        {
            return Create(body);
        }

        var stored = _placement.Existing();
        if (IsScale)
        {
            return Update(stored, ScaleView.Scaled(kind.Scale!, kind.View(stored), body));
        }

        _checks.Identify(body);
        if (kind.IsCustom && body.Text("metadata", "resourceVersion") is null or "")
        {
            throw Refusals.Invalid(
                kind.Kind,
                options.Name,
                [new FieldError(FieldErrorType.Invalid, "metadata.resourceVersion", "0x0", "must be specified for an update")]);
        }

        _checks.RequireUid(stored, body);
        return Update(stored, body);
    }

    /// <summary>Patches an object, or its subresource.</summary>
    /// <param name="mediaType">The form of the patch.</param>
    /// <param name="patch">The patch.</param>
    /// <exception cref="StatusException">It is refused.</exception>
    public JsonElement Patch(string mediaType, JsonNode patch)
    {
        if (mediaType == MediaTypes.ApplyPatch && !IsScale)
        {
            return Apply(patch as JsonObject ?? throw Refusals.BadRequest("an applied manifest is an object"));
        }

        if (kind.IsCustom && mediaType == MediaTypes.StrategicMergePatch)
        {
            throw Refusals.UnsupportedMediaType(MediaTypes.Patches);
        }

        var stored = _placement.Existing();
        var live = IsScale ? ScaleView.Of(kind.Scale!, kind.View(stored)) : kind.View(stored);
        var patched = (mediaType, patch) switch
        {
            (MediaTypes.MergePatch, JsonObject changes) => JsonMergePatch.Apply(live, changes),
            (MediaTypes.JsonPatch, JsonArray operations) => JsonPatch.Apply(live, operations),
            (MediaTypes.StrategicMergePatch, JsonObject changes) =>
                StrategicMergePatch.Apply(live, changes, kind.Schema),
            (MediaTypes.MergePatch or MediaTypes.JsonPatch, _) => throw Refusals.BadRequest("the patch is of the wrong type"),
            _ => throw Refusals.UnsupportedMediaType(MediaTypes.Patches),
        };
        var now = patched as JsonObject ?? throw Refusals.BadRequest("the patch leaves no object");
        if (IsScale)
        {
            return Update(stored, ScaleView.Scaled(kind.Scale!, kind.View(stored), now));
        }

        _checks.Identify(now);
        return Update(stored, now);
    }

    /// <summary>Deletes an object.</summary>
    /// <param name="how">How.</param>
    /// <returns>The object, and whether it is gone already.</returns>
    /// <exception cref="StatusException">It is refused.</exception>
    public (JsonElement Subject, bool IsGone) Delete(DeleteOptions how)
    {
        var stored = _placement.Existing();
        _checks.RequirePreconditions(stored, how);
        if (kind.Kind == Kinds.Namespace && options.Name is "default" or "kube-system" or "kube-public")
        {
            throw Refusals.Forbidden("", kind.Kind.Plural, options.Name, "this namespace may not be deleted");
        }

        return Deletion.Delete(transaction, kind.Resource, stored, how.PropagationPolicy, options.Now);
    }

    private JsonElement Apply(JsonObject manifest)
    {
        if (manifest.At("metadata", "managedFields") is not null)
        {
            throw Refusals.BadRequest("metadata.managedFields must be nil");
        }

        _checks.Identify(manifest);
        var existing = _placement.Find();
        if (existing is null && manifest.Text("metadata", "name") is null)
        {
            throw Refusals.BadRequest(
                $"the name of the object ({options.Name} based on URL) was undeterminable: name must be provided");
        }

        if (existing is null && options.Subresource.Length > 0)
        {
            throw Refusals.NotFound(kind.Kind, options.Name);
        }

        var before = existing?.ToObject();
        manifest["metadata"]!["name"] = options.Name;
        _checks.RequireVersion(before, manifest);
        _checks.RequireTypes(manifest);
        var applied = _preparation.WithoutNulls(Applicable(kind.Stored(manifest)));
        var owner = options.Owner(FieldOwner.Apply, kind.Kind.ApiVersion);
        var merged = ServerSideApply.Apply(kind.Schema, before, applied, owner, options.Force, Timestamps.Of(options.Now));
        var managed = merged["metadata"]!["managedFields"]?.DeepClone();
        var now = _preparation.Prepare(merged, before);
        now.Child("metadata")["managedFields"] = managed;
        return before is null ? _placement.Add(now) : _placement.Store(existing!.Value, before, now);
    }

    // The part of a manifest that the request can write.
    private JsonObject Applicable(JsonObject manifest)
    {
        var part = manifest.Copy();
        if (options.Subresource == Preparation.Status)
        {
            var metadata = part["metadata"]!.DeepClone();
            var status = part[Preparation.Status]?.DeepClone();
            part = new JsonObject { ["apiVersion"] = kind.Kind.ApiVersion, ["kind"] = kind.Kind.Kind };
            part["metadata"] = new JsonObject { ["name"] = metadata.Text("name"), ["namespace"] = metadata.Text("namespace") };
            part[Preparation.Status] = status;
        }
        else if (kind.HasStatus)
        {
            part.Remove(Preparation.Status);
        }

        return part;
    }

    private JsonElement Update(JsonElement stored, JsonObject body)
    {
        var before = stored.ToObject();
        _checks.RequireVersion(before, body);
        var forgets = body.At("metadata", "managedFields") is JsonArray { Count: 0 } or JsonArray { Count: 1 } and [JsonObject { Count: 0 }];
        var now = _preparation.Prepare(_preparation.Read(body), before);
        var owner = options.Owner(FieldOwner.Update, kind.Kind.ApiVersion);
        ManagedFields.Write(
            now, forgets ? [] : ManagedFields.AfterUpdate(kind.Schema, before, now, owner, Timestamps.Of(options.Now)));
        return _placement.Store(stored, before, now);
    }
}

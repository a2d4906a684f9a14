using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Sandbox.ApiServer.Errors;
using ServiceProviderOcm.Sandbox.ApiServer.Json;
using ServiceProviderOcm.Sandbox.ApiServer.Ownership;
using ServiceProviderOcm.Sandbox.ApiServer.Serving;
using ServiceProviderOcm.Sandbox.ApiServer.Storage;

namespace ServiceProviderOcm.Sandbox.ApiServer.Writes;

/// <summary>Processes the write of one request. Returns objects in their stored form.</summary>
internal sealed class ObjectWriter(Transaction transaction, ServedKind kind, WriteOptions options)
{
    private readonly RequestValidation _validation = new(kind, options);
    private readonly WriteStrategy _strategy = new(kind, options);
    private readonly ObjectRegistry _registry = new(transaction, kind, options);

    /// <summary>Creates an object.</summary>
    /// <exception cref="StatusException">The request fails.</exception>
    public JsonElement Create(JsonObject body)
    {
        _validation.Identify(body);
        if (body.Text("metadata", "resourceVersion") is { Length: > 0 })
        {
            throw new StatusException(500, "", "resourceVersion should not be set on objects to be created");
        }

        body.Child("metadata").Remove("managedFields");
        var now = _strategy.Prepare(_strategy.Read(body), null);
        var owner = options.Owner(FieldOwner.Update, kind.Kind.ApiVersion);
        ManagedFields.Write(now, ManagedFields.AfterUpdate(kind.Schema, null, now, owner, Timestamps.Time(options.Now)));
        return _registry.Add(now);
    }

    /// <summary>Replaces an object, or its status.</summary>
    /// <exception cref="StatusException">The request fails.</exception>
    public JsonElement Replace(JsonObject body)
    {
        var stored = _registry.Existing();
        _validation.Identify(body);
        if (kind.IsCustom && body.Text("metadata", "resourceVersion") is null or "")
        {
            throw StatusErrors.Invalid(
                kind.Kind,
                options.Name,
                [new FieldError(FieldErrorType.Invalid, "metadata.resourceVersion", "0x0", "must be specified for an update")]);
        }

        _validation.RequireUid(stored, body);
        return Update(stored, body);
    }

    /// <summary>Patches or applies an object, or its status.</summary>
    /// <param name="mediaType">The media type of the patch.</param>
    /// <param name="patch">The patch.</param>
    /// <exception cref="StatusException">The request fails.</exception>
    public JsonElement Patch(string mediaType, JsonNode patch)
    {
        if (mediaType == MediaTypes.ApplyPatch)
        {
            return Apply(patch as JsonObject ?? throw StatusErrors.BadRequest("an applied manifest is an object"));
        }

        if (mediaType != MediaTypes.MergePatch)
        {
            throw StatusErrors.UnsupportedMediaType(MediaTypes.Patches);
        }

        var stored = _registry.Existing();
        var changes = patch as JsonObject ?? throw StatusErrors.BadRequest("a merge patch is an object");
        var now = (JsonObject)MergePatch.Apply(kind.View(stored), changes)!;
        _validation.Identify(now);
        return Update(stored, now);
    }

    /// <summary>Deletes an object.</summary>
    /// <param name="how">How.</param>
    /// <returns>The object, and whether it is gone.</returns>
    /// <exception cref="StatusException">The request fails.</exception>
    public (JsonElement Subject, bool IsGone) Delete(DeleteOptions how)
    {
        var stored = _registry.Existing();
        _validation.RequirePreconditions(stored, how);
        if (kind.Kind == CoreKinds.Namespace && options.Name is "default" or "kube-system" or "kube-public")
        {
            throw StatusErrors.Forbidden("", kind.Kind.Plural, options.Name, "this namespace may not be deleted");
        }

        return Deletion.Delete(transaction, kind.Resource, stored, how.PropagationPolicy, options.Now);
    }

    private JsonElement Apply(JsonObject manifest)
    {
        if (manifest.At("metadata", "managedFields") is not null)
        {
            throw StatusErrors.BadRequest("metadata.managedFields must be nil");
        }

        _validation.Identify(manifest);
        var existing = _registry.Find();
        if (existing is null && manifest.Text("metadata", "name") is null)
        {
            throw StatusErrors.BadRequest(
                $"the name of the object ({options.Name} based on URL) was undeterminable: name must be provided");
        }

        if (existing is null && options.Subresource.Length > 0)
        {
            throw StatusErrors.NotFound(kind.Kind, options.Name);
        }

        var before = existing?.ToObject();
        manifest["metadata"]!["name"] = options.Name;
        if (before is null)
        {
            _validation.RequireNoUid(manifest);
        }
        else
        {
            _validation.RequireVersion(before, manifest);
        }

        _validation.RequireTypes(manifest);
        var applied = _strategy.WithoutNulls(Applicable(kind.Stored(manifest)));
        var owner = options.Owner(FieldOwner.Apply, kind.Kind.ApiVersion);
        var merged = ServerSideApply.Apply(kind.Schema, before, applied, owner, options.Force, Timestamps.Time(options.Now));
        var managed = merged["metadata"]!["managedFields"]?.DeepClone();
        var now = _strategy.Prepare(merged, before);
        now.Child("metadata")["managedFields"] = managed;
        return before is null ? _registry.Add(now) : _registry.Store(existing!.Value, before, now);
    }

    // The status is written by its subresource only, and nothing else is.
    private JsonObject Applicable(JsonObject manifest)
    {
        var part = manifest.Copy();
        if (options.Subresource == WriteStrategy.Status)
        {
            var metadata = part["metadata"]!.DeepClone();
            var status = part[WriteStrategy.Status]?.DeepClone();
            part = new JsonObject { ["apiVersion"] = kind.Kind.ApiVersion, ["kind"] = kind.Kind.Kind };
            part["metadata"] = new JsonObject { ["name"] = metadata.Text("name"), ["namespace"] = metadata.Text("namespace") };
            part[WriteStrategy.Status] = status;
        }
        else if (kind.HasStatus)
        {
            part.Remove(WriteStrategy.Status);
        }

        return part;
    }

    private JsonElement Update(JsonElement stored, JsonObject body)
    {
        var before = stored.ToObject();
        _validation.RequireVersion(before, body);
        var isReset = body.At("metadata", "managedFields")
            is JsonArray { Count: 0 } or JsonArray { Count: 1 } and [JsonObject { Count: 0 }];
        var now = _strategy.Prepare(_strategy.Read(body), before);
        var owner = options.Owner(FieldOwner.Update, kind.Kind.ApiVersion);
        ManagedFields.Write(
            now, isReset ? [] : ManagedFields.AfterUpdate(kind.Schema, before, now, owner, Timestamps.Time(options.Now)));
        return _registry.Store(stored, before, now);
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Sandbox.Errors;
using ServiceProviderOcm.Sandbox.Json;
using ServiceProviderOcm.Sandbox.Schema;
using ServiceProviderOcm.Sandbox.Serving;

namespace ServiceProviderOcm.Sandbox.Writes;

/// <summary>Whether what a request carries is about the object in its path, and of the version that the caller knows.</summary>
internal sealed class BodyChecks(ServedKind kind, WriteOptions options)
{
    /// <summary>Refuses another kind, version, name or namespace than the path's.</summary>
    /// <exception cref="StatusException">It is another.</exception>
    public void Identify(JsonObject body)
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

    /// <summary>Refuses another version of the object than the present one, where the body names a version.</summary>
    /// <exception cref="StatusException">It has been changed meanwhile.</exception>
    public void RequireVersion(JsonObject? before, JsonObject body)
    {
        if (body.Text("metadata", "resourceVersion") is { Length: > 0 } version && version != before.Text("metadata", "resourceVersion"))
        {
            throw before is null ? Refusals.NotFound(kind.Kind, options.Name) : Refusals.Modified(kind.Kind, options.Name);
        }
    }

    /// <summary>Refuses to replace another object of the same name, where the body names one.</summary>
    /// <exception cref="StatusException">It is another.</exception>
    public void RequireUid(JsonElement stored, JsonObject body)
    {
        var (wanted, present) = (body.Text("metadata", "uid"), stored.Text("metadata", "uid"));
        if (!string.IsNullOrEmpty(wanted) && wanted != present)
        {
            throw Refusals.Conflict(
                kind.Kind, options.Name, $"Precondition failed: UID in precondition: {wanted}, UID in object meta: {present}");
        }
    }

    /// <summary>Refuses to delete another object or version than the one that is meant.</summary>
    /// <exception cref="StatusException">It is another.</exception>
    public void RequirePreconditions(JsonElement stored, DeleteOptions how)
    {
        Require("UID", how.Uid, stored.Text("metadata", "uid"), "deleted and then recreated");
        Require("ResourceVersion", how.ResourceVersion, stored.Text("metadata", "resourceVersion"), "modified");

        void Require(string what, string? wanted, string? present, string otherwise)
        {
            if (!string.IsNullOrEmpty(wanted) && wanted != present)
            {
                var called = new ResourceKind(kind.Kind.Group, kind.Kind.Version, kind.Kind.Kind, kind.Kind.Kind);
                throw Refusals.Conflict(
                    called,
                    options.Name,
                    $"the {what} in the precondition ({wanted}) does not match the {what} in record ({present}). "
                        + $"The object might have been {otherwise}");
            }
        }
    }

    /// <summary>Refuses fields in an applied manifest that the schema does not have, or has otherwise: nobody could own them.</summary>
    /// <exception cref="StatusException">There are some.</exception>
    public void RequireTypes(JsonObject manifest)
    {
        if (Typing.FirstMismatch(manifest, kind.ShownSchema) is { } mismatch)
        {
            var where = options.Namespace.Length == 0 ? options.Name : $"{options.Namespace}/{options.Name}";
            throw new StatusException(
                500,
                "",
                $"failed to create typed patch object ({where}; {kind.Kind.ApiVersion}, Kind={kind.Kind.Kind}): {mismatch}");
        }
    }
}

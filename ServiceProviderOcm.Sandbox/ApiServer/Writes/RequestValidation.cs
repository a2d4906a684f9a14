using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Sandbox.ApiServer.Errors;
using ServiceProviderOcm.Sandbox.ApiServer.Json;
using ServiceProviderOcm.Sandbox.ApiServer.Schema;
using ServiceProviderOcm.Sandbox.ApiServer.Serving;

namespace ServiceProviderOcm.Sandbox.ApiServer.Writes;

/// <summary>Validates the body of a request against its path and the stored object.</summary>
internal sealed class RequestValidation(ServedKind kind, WriteOptions options)
{
    /// <summary>Requires the apiVersion, kind, name and namespace of the path.</summary>
    /// <exception cref="StatusException">They differ.</exception>
    public void Identify(JsonObject body)
    {
        if (kind.IsCustom && body.Text("kind") is null or "")
        {
            throw StatusErrors.BadRequest("Object 'Kind' is missing in the body of the request");
        }

        if (body.Text("apiVersion") is { Length: > 0 } version && version != kind.Kind.ApiVersion)
        {
            throw StatusErrors.BadRequest(
                $"the API version in the data ({version}) does not match the expected API version ({kind.Kind.ApiVersion})");
        }

        if (body.Text("kind") is { Length: > 0 } called && called != kind.Kind.Kind)
        {
            throw StatusErrors.BadRequest($"{called} in version \"{kind.Kind.Version}\" cannot be handled as a {kind.Kind.Kind}");
        }

        var metadata = body.Child("metadata");
        if (metadata.Text("name") is { Length: > 0 } name && options.Name.Length > 0 && name != options.Name)
        {
            throw StatusErrors.BadRequest($"the name of the object ({name}) does not match the name on the URL ({options.Name})");
        }

        if (kind.Kind.IsNamespaced && metadata.Text("namespace") is { Length: > 0 } ns && ns != options.Namespace)
        {
            throw StatusErrors.BadRequest("the namespace of the provided object does not match the namespace sent on the request");
        }
    }

    /// <summary>Requires the present resource version, if the body has one.</summary>
    /// <exception cref="StatusException">The object has changed.</exception>
    public void RequireVersion(JsonObject before, JsonObject body)
    {
        if (body.Text("metadata", "resourceVersion") is { Length: > 0 } version && version != before.Text("metadata", "resourceVersion"))
        {
            throw StatusErrors.Modified(kind.Kind, options.Name);
        }
    }

    /// <summary>Requires that a manifest without an object names no uid.</summary>
    /// <exception cref="StatusException">It does.</exception>
    public void RequireNoUid(JsonObject manifest)
    {
        if (manifest.Text("metadata", "uid") is { Length: > 0 } uid)
        {
            throw StatusErrors.Conflict(
                kind.Kind, options.Name, $"uid mismatch: the provided object specified uid {uid}, and no existing object was found");
        }
    }

    /// <summary>Requires the uid of the stored object, if the body has one.</summary>
    /// <exception cref="StatusException">They differ.</exception>
    public void RequireUid(JsonElement stored, JsonObject body)
    {
        var (wanted, present) = (body.Text("metadata", "uid"), stored.Text("metadata", "uid"));
        if (!string.IsNullOrEmpty(wanted) && wanted != present)
        {
            throw StatusErrors.Conflict(
                kind.Kind, options.Name, $"Precondition failed: UID in precondition: {wanted}, UID in object meta: {present}");
        }
    }

    /// <summary>Requires the preconditions of a deletion.</summary>
    /// <exception cref="StatusException">They differ.</exception>
    public void RequirePreconditions(JsonElement stored, DeleteOptions how)
    {
        Require("UID", how.Uid, stored.Text("metadata", "uid"), "deleted and then recreated");
        Require("ResourceVersion", how.ResourceVersion, stored.Text("metadata", "resourceVersion"), "modified");

        void Require(string what, string? wanted, string? present, string otherwise)
        {
            if (!string.IsNullOrEmpty(wanted) && wanted != present)
            {
                var called = new ResourceKind(kind.Kind.Group, kind.Kind.Version, kind.Kind.Kind, kind.Kind.Kind);
                throw StatusErrors.Conflict(
                    called,
                    options.Name,
                    $"the {what} in the precondition ({wanted}) does not match the {what} in record ({present}). "
                        + $"The object might have been {otherwise}");
            }
        }
    }

    /// <summary>Requires that the schema has all fields of an applied manifest, with their types.</summary>
    /// <exception cref="StatusException">A field is missing or has another type.</exception>
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

using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Sandbox.ApiServer.Errors;

/// <summary>The errors of an API server, with the texts of kube-apiserver.</summary>
internal static class StatusErrors
{
    /// <summary>The resource is not served.</summary>
    public static StatusException NotServed() => new(404, "NotFound", "the server could not find the requested resource", new JsonObject());

    /// <summary>The object does not exist.</summary>
    public static StatusException NotFound(ResourceKind kind, string name) =>
        new(404, "NotFound", $"{kind.QualifiedPlural} \"{name}\" not found", Details(kind, name));

    /// <summary>The object exists already.</summary>
    public static StatusException AlreadyExists(ResourceKind kind, string name) =>
        new(409, "AlreadyExists", $"{kind.QualifiedPlural} \"{name}\" already exists", Details(kind, name));

    /// <summary>A precondition does not hold.</summary>
    public static StatusException Conflict(ResourceKind kind, string name, string why) =>
        new(409, "Conflict", $"Operation cannot be fulfilled on {kind.QualifiedPlural} \"{name}\": {why}", Details(kind, name));

    /// <summary>The object was changed since it was read.</summary>
    public static StatusException Modified(ResourceKind kind, string name) => Conflict(
        kind, name, "the object has been modified; please apply your changes to the latest version and try again");

    /// <summary>An object has invalid fields.</summary>
    public static StatusException Invalid(ResourceKind kind, string name, IReadOnlyList<FieldError> errors) =>
        Invalid(kind.Group, kind.Kind, name, errors);

    /// <summary>An object, or the options of a request, have invalid fields.</summary>
    public static StatusException Invalid(string group, string kind, string name, IReadOnlyList<FieldError> errors)
    {
        var qualified = group.Length == 0 ? kind : $"{kind}.{group}";
        var list = errors.Count == 1 ? errors[0].ToString() : $"[{string.Join(", ", errors)}]";
        return new StatusException(422, "Invalid", $"{qualified} \"{name}\" is invalid: {list}", new JsonObject
        {
            ["name"] = name,
            ["group"] = group,
            ["kind"] = kind,
            ["causes"] = new JsonArray([.. errors.Select(error => new JsonObject
            {
                ["reason"] = error.Reason,
                ["message"] = error.Message,
                ["field"] = error.Field,
            })]),
        });
    }

    /// <summary>The request is malformed.</summary>
    public static StatusException BadRequest(string message) => new(400, "BadRequest", message);

    /// <summary>The caller is unknown.</summary>
    public static StatusException Unauthorized() => new(401, "Unauthorized", "Unauthorized");

    /// <summary>The caller lacks the permission.</summary>
    public static StatusException Forbidden(string group, string resource, string name, string why)
    {
        var qualified = group.Length == 0 ? resource : $"{resource}.{group}";
        var what = name.Length == 0 ? qualified : $"{qualified} \"{name}\"";
        var details = new JsonObject { ["group"] = group, ["kind"] = resource };
        if (name.Length > 0)
        {
            details["name"] = name;
        }

        return new StatusException(403, "Forbidden", $"{what} is forbidden: {why}", details);
    }

    /// <summary>The resource does not support the verb.</summary>
    public static StatusException MethodNotAllowed(string why = "the server does not allow this method on the requested resource") =>
        new(405, "MethodNotAllowed", why, new JsonObject());

    /// <summary>The media type of the body is not supported.</summary>
    public static StatusException UnsupportedMediaType(string accepted) => new(
        415,
        "UnsupportedMediaType",
        $"the body of the request was in an unknown format - accepted media types include: {accepted}",
        new JsonObject());

    /// <summary>The resource version is no longer in the history.</summary>
    public static StatusException Expired(string message) => new(410, "Expired", message);

    private static JsonObject Details(ResourceKind kind, string name) =>
        new() { ["name"] = name, ["group"] = kind.Group, ["kind"] = kind.Plural };
}

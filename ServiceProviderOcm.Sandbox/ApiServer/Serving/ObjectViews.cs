using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Sandbox.ApiServer.Json;

namespace ServiceProviderOcm.Sandbox.ApiServer.Serving;

/// <summary>
/// Converts objects between their stored form and the versions of their kind. The versions of a custom kind have the same fields.
/// </summary>
internal static class ObjectViews
{
    /// <summary>Converts a stored object to a version.</summary>
    public static JsonObject View(this ServedKind kind, JsonElement stored)
    {
        var subject = stored.ToObject();
        foreach (var (shown, name) in kind.StoredNames)
        {
            Rename(subject, name, shown);
        }

        return Named(kind, subject);
    }

    /// <summary>Converts an object of a version to its stored form.</summary>
    public static JsonObject Stored(this ServedKind kind, JsonObject subject)
    {
        foreach (var (shown, name) in kind.StoredNames)
        {
            Rename(subject, shown, name);
        }

        return Named(kind, subject);
    }

    private static JsonObject Named(ServedKind kind, JsonObject subject)
    {
        subject["apiVersion"] = kind.Kind.ApiVersion;
        subject["kind"] = kind.Kind.Kind;
        return subject;
    }

    private static void Rename(JsonObject subject, string from, string to)
    {
        if (subject.Remove(from, out var value))
        {
            subject[to] = value;
        }
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Sandbox.ApiServer.Json;

namespace ServiceProviderOcm.Sandbox.ApiServer.Serving;

/// <summary>Turns stored objects into those of a version and back. All versions of a custom kind have the same fields.</summary>
internal static class ObjectViews
{
    /// <summary>A stored object, as a version of its kind shows it.</summary>
    public static JsonObject View(this ServedKind kind, JsonElement stored)
    {
        var subject = stored.ToObject();
        foreach (var (shown, name) in kind.StoredNames)
        {
            Rename(subject, name, shown);
        }

        return Named(kind, subject);
    }

    /// <summary>An object of a version, as it is stored.</summary>
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

using System.Buffers;

namespace ServiceProviderOcm.Core.Model;

/// <summary>The permissions that a message of Flux says are missing on a control plane. A pure function.</summary>
internal static class MissingPermissions
{
    private const int MaxShown = 5;
    private const int MaxLength = 100;
    private const string Verb = "cannot ";
    private const string Resource = " resource \"";
    private const string Group = "\" in API group \"";
    private const string Escalation = "attempting to grant RBAC permissions not currently held";

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-/*");

    /// <summary>The permissions, such as <c>create clusterroles.rbac.authorization.k8s.io</c>; empty if none are missing.</summary>
    /// <param name="message">What Flux says; it quotes the API server of the control plane.</param>
    public static string In(string message)
    {
        var found = Forbidden(message).Distinct(StringComparer.Ordinal).Take(MaxShown + 1).ToList();
        if (message.Contains(Escalation, StringComparison.Ordinal))
        {
            found.Insert(0, "all permissions of the roles in the chart, or bind and escalate on roles and clusterroles");
        }

        return string.Join(", ", found.Take(MaxShown)) + (found.Count > MaxShown ? ", …" : "");
    }

    // User "x" cannot create resource "roles" in API group "rbac.authorization.k8s.io" in the namespace "y"
    private static IEnumerable<string> Forbidden(string message)
    {
        for (var at = 0; (at = message.IndexOf(Verb, at, StringComparison.Ordinal)) >= 0;)
        {
            at += Verb.Length;
            if (Read(message, ref at, Resource) is { Length: > 0 } verb
                && Read(message, ref at, Group) is { Length: > 0 } resource
                && Read(message, ref at, "\"") is { } group)
            {
                yield return group.Length == 0 ? $"{verb} {resource}" : $"{verb} {resource}.{group}";
            }
        }
    }

    // Only what can be a name is shown.
    private static string? Read(string message, ref int at, string end)
    {
        var length = message.AsSpan(at, Math.Min(MaxLength, message.Length - at)).IndexOf(end, StringComparison.Ordinal);
        if (length < 0 || message.AsSpan(at, length).IndexOfAnyExcept(NameCharacters) >= 0)
        {
            return null;
        }

        var text = message.Substring(at, length);
        at += length + end.Length;
        return text;
    }
}

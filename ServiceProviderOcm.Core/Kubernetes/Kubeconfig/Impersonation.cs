using System.Text;
using System.Text.Json.Nodes;

namespace ServiceProviderOcm.Core.Kubernetes.Kubeconfig;

/// <summary>The user whom requests impersonate, as the headers that say so.</summary>
internal sealed record Impersonation
{
    private const string TokenCharacters = "!#$%&'*+-.^_`|~";

    // One header per line, so that records with equal headers are equal.
    private readonly string _lines;

    private Impersonation(string lines) => _lines = lines;

    /// <summary>Name and value of each header.</summary>
    public IEnumerable<(string Name, string Value)> Headers => _lines
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split(':', 2))
        .Select(parts => (parts[0], parts[1]));

    /// <summary>Reads the fields of a user; null if it impersonates nobody.</summary>
    /// <exception cref="Client.KubeconfigException">A field is not valid, or there is no user.</exception>
    public static Impersonation? Resolve(ConfigNode user)
    {
        var lines = new StringBuilder();
        Add(lines, "Impersonate-User", user.Field("as"));
        Add(lines, "Impersonate-Uid", user.Field("as-uid"));
        foreach (var group in user.Items("as-groups"))
        {
            Add(lines, "Impersonate-Group", group);
        }

        foreach (var (key, values) in user.Field("as-user-extra").Json as JsonObject ?? [])
        {
            foreach (var value in values is null ? [] : user.Field("as-user-extra").Items(key))
            {
                Add(lines, $"Impersonate-Extra-{Escape(key)}", value);
            }
        }

        return lines.Length == 0 ? null
            : user.Field("as").IsEmpty ? throw user.Field("as").Error("is missing beside as-uid, as-groups or as-user-extra")
            : new Impersonation(lines.ToString());
    }

    private static void Add(StringBuilder lines, string name, ConfigNode value)
    {
        if (value.IsEmpty)
        {
            return;
        }

        var text = value.AsText();
        lines.Append(name).Append(':').Append(text.Any(char.IsControl) ? throw value.Error("must not contain control characters") : text).Append('\n');
    }

    // As client-go writes keys, which are case-insensitive as header names.
    private static string Escape(string key)
    {
        var escaped = new StringBuilder();
        foreach (var octet in Encoding.UTF8.GetBytes(key))
        {
            var character = (char)octet;
            if (character != '%' && (char.IsAsciiLetterOrDigit(character) || TokenCharacters.Contains(character, StringComparison.Ordinal)))
            {
                escaped.Append(character);
            }
            else
            {
                escaped.Append('%').Append(octet.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
            }
        }

        return escaped.ToString();
    }
}

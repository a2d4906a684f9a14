using System.Text.RegularExpressions;

namespace ServiceProviderOcm.Core.Model;

/// <summary>Tags as the OCI distribution specification allows them.</summary>
public static partial class OciTag
{
    /// <summary>What is wrong with a tag and what to write, or null if it is valid.</summary>
    public static string? Problem(string tag)
    {
        if (tag.Length == 0)
        {
            return "is empty; set it to the chart version to install";
        }

        if (Valid().IsMatch(tag))
        {
            return null;
        }

        return tag.Contains('+', StringComparison.Ordinal)
            ? $"\"{Shown(tag)}\" is not a valid OCI tag: registries do not allow '+', Helm writes '_' in its place"
            : $"\"{Shown(tag)}\" is not a valid OCI tag: letters, digits, '_', '.' and '-' are allowed, at most 128, not beginning with "
                + "'.' or '-'";
    }

    private static string Shown(string tag) => tag.Length <= 140 ? tag : tag[..140] + "…";

    [GeneratedRegex(@"^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Valid();
}

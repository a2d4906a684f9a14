using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace ServiceProviderOcm.Core.Model.Configuration;

/// <summary>Tags as the OCI distribution specification allows them.</summary>
public static partial class OciTag
{
    /// <summary>Checks a tag.</summary>
    /// <param name="tag">The tag.</param>
    /// <param name="error">What is wrong with it and what to write, as the end of a sentence.</param>
    public static bool TryParse(string tag, [NotNullWhen(false)] out string? error)
    {
        error = Valid().IsMatch(tag) ? null
            : tag.Length == 0 ? "is empty; set it to the chart version to install"
            : tag.Contains('+', StringComparison.Ordinal)
                ? $"{ConfigValue.Quoted(tag)}is not a valid OCI tag: registries do not allow '+', Helm writes '_' in its place"
            : $"{ConfigValue.Quoted(tag)}is not a valid OCI tag: letters, digits, '_', '.' and '-' are allowed, at most 128, not beginning with "
                + "'.' or '-'";
        return error is null;
    }

    [GeneratedRegex(@"^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Valid();
}

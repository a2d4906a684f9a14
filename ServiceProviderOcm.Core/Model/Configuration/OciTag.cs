using System.Diagnostics.CodeAnalysis;

namespace ServiceProviderOcm.Core.Model.Configuration;

/// <summary>Tags as the OCI distribution specification allows them.</summary>
public static class OciTag
{
    private const int LongestTag = 128;

    /// <summary>Checks a tag.</summary>
    /// <param name="tag">The tag.</param>
    /// <param name="error">What is wrong with it and what to write, as the end of a sentence.</param>
    public static bool TryParse(string tag, [NotNullWhen(false)] out string? error)
    {
        error = IsValid(tag) ? null
            : tag.Length == 0 ? "is empty; set it to the chart version to install"
            : tag.Contains('+', StringComparison.Ordinal)
                ? $"{ConfigValue.Quoted(tag)}is not a valid OCI tag: registries do not allow '+', Helm writes '_' in its place"
            : $"{ConfigValue.Quoted(tag)}is not a valid OCI tag: letters, digits, '_', '.' and '-' are allowed, at most 128, not beginning "
                + "with '.' or '-'";
        return error is null;
    }

    private static bool IsValid(string tag) =>
        tag.Length is > 0 and <= LongestTag && tag[0] is not ('.' or '-')
        && tag.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '.' or '-');
}

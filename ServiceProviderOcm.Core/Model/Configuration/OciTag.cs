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
            : tag.Contains("sha256:", StringComparison.Ordinal)
                ? "is not a valid OCI tag: a digest is not a tag; set it to the chart version, such as 0.4.0"
            : tag.Contains('+', StringComparison.Ordinal)
                ? $"{ConfigValue.Quoted(tag)}is not a valid OCI tag: registries do not allow '+', Helm writes '_' in its place"
            : $"{ConfigValue.Quoted(tag)}is not a valid OCI tag: letters, digits, '_', '.' and '-' are allowed, at most 128, not beginning "
                + "with '.' or '-'";
        return error is null;
    }

    /// <summary>
    /// Whether a tag is likely to be moved to other charts: it is not a whole semantic version, as Helm pushes charts. <c>latest</c>,
    /// <c>main</c> and <c>1.2</c> are moved, <c>1.2.3</c> and <c>v1.2.3-rc.1_build</c> are not.
    /// </summary>
    public static bool IsMoving(string tag) => !IsSemanticVersion(tag);

    private static bool IsValid(string tag) =>
        tag.Length is > 0 and <= LongestTag && tag[0] is not ('.' or '-')
        && tag.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '.' or '-');

    // https://semver.org, with '_' where Helm writes it in place of '+'.
    private static bool IsSemanticVersion(string tag)
    {
        var (version, build) = Split(tag.StartsWith('v') ? tag[1..] : tag, '_');
        var (numbers, prerelease) = Split(version, '-');
        return numbers.Split('.') is { Length: 3 } parts
            && parts.All(IsNumber)
            && AreIdentifiers(prerelease)
            && AreIdentifiers(build);
    }

    private static (string Before, string? After) Split(string text, char mark) =>
        text.IndexOf(mark, StringComparison.Ordinal) is var at and >= 0 ? (text[..at], text[(at + 1)..]) : (text, null);

    private static bool IsNumber(string text) => text == "0" || (text.Length > 0 && text[0] != '0' && text.All(char.IsAsciiDigit));

    private static bool AreIdentifiers(string? text) => text is null
        || text.Split('.').All(part => part.Length > 0 && part.All(character => char.IsAsciiLetterOrDigit(character) || character == '-'));
}

using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace ServiceProviderOcm.Core.Model.Configuration;

/// <summary>Reads the chart URL of a ProviderConfig as a platform operator may write it.</summary>
public static partial class ChartUrl
{
    /// <summary>Where the chart is pulled from unless configured otherwise.</summary>
    public const string Default = "ghcr.io/open-component-model/kubernetes/controller/chart";

    private const string Scheme = "oci://";

    /// <summary>Puts <c>oci://</c> in front where it is missing, and checks that the rest names a repository.</summary>
    /// <param name="text">Such as <c>ghcr.io/org/chart</c> or <c>oci://registry:5000/chart</c>.</param>
    /// <param name="url">The URL with its scheme.</param>
    /// <param name="error">What is wrong with it, and what to write.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out string? url, [NotNullWhen(false)] out string? error)
    {
        var withScheme = text.StartsWith(Scheme, StringComparison.Ordinal) || text.Contains("://", StringComparison.Ordinal)
            ? text
            : Scheme + text;
        url = null;
        error = null;
        if (Authority(withScheme).Contains('@'))
        {
            error = "is not the URL of an OCI repository: it contains credentials; use a pull secret instead, and replace the credentials";
        }
        else if (!withScheme.StartsWith(Scheme, StringComparison.Ordinal))
        {
            error = $"{ConfigValue.Quoted(text)}does not begin with oci://; the chart must be in an OCI registry";
        }
        else if (TaggedOrDigested().IsMatch(withScheme))
        {
            error = $"{ConfigValue.Quoted(text)}ends with a tag or digest; leave it out, the version comes from the OCM";
        }
        else if (!Repository().IsMatch(withScheme))
        {
            error = $"{ConfigValue.Quoted(text)}is not the URL of an OCI repository; write it as registry.example.com/path/chart, the path in "
                + "lower case";
        }
        else
        {
            url = withScheme;
        }

        return url is not null;
    }

    private static ReadOnlySpan<char> Authority(string url)
    {
        var rest = url.AsSpan(url.IndexOf("://", StringComparison.Ordinal) + "://".Length);
        var end = rest.IndexOf('/');
        return end < 0 ? rest : rest[..end];
    }

    [GeneratedRegex(@"^oci://.*/[^/]*[@:][^/]*$", RegexOptions.CultureInvariant)]
    private static partial Regex TaggedOrDigested();

    // Host and path as in the OCI distribution specification's <name>.
    [GeneratedRegex(
        @"^oci://(\[[0-9a-fA-F:]+\]|[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?)(:[0-9]{1,5})?(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)+\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Repository();
}

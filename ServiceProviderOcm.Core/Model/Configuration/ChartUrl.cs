using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ServiceProviderOcm.Core.Model.Configuration;

/// <summary>Reads the chart URL of a ProviderConfig as a platform operator may write it.</summary>
public static class ChartUrl
{
    /// <summary>Where the chart is pulled from unless configured otherwise.</summary>
    public const string Default = "ghcr.io/open-component-model/kubernetes/controller/chart";

    private const string Scheme = "oci://";
    private const int LongestPort = 5;

    private static readonly SearchValues<char> HostCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-");

    private static readonly SearchValues<char> AddressCharacters = SearchValues.Create("0123456789abcdefABCDEF:");
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789");

    /// <summary>Puts <c>oci://</c> in front where it is missing, and checks that the rest names a repository.</summary>
    /// <param name="text">Such as <c>ghcr.io/org/chart</c> or <c>oci://registry:5000/chart</c>.</param>
    /// <param name="url">The URL with its scheme.</param>
    /// <param name="error">
    /// What is wrong with it, and what to write. A text that may contain credentials is not quoted.
    /// </param>
    public static bool TryParse(string text, [NotNullWhen(true)] out string? url, [NotNullWhen(false)] out string? error)
    {
        var withScheme = text.StartsWith(Scheme, StringComparison.Ordinal) || text.Contains("://", StringComparison.Ordinal)
            ? text
            : Scheme + text;
        error = ErrorIn(withScheme) is { } reason ? ConfigValue.Quoted(text) + reason : null;
        url = error is null ? withScheme : null;
        return url is not null;
    }

    private static string? ErrorIn(string url)
    {
        if (!url.StartsWith(Scheme, StringComparison.Ordinal))
        {
            return "does not begin with oci://; the chart must be in an OCI registry";
        }

        var repository = url.AsSpan(Scheme.Length);
        var slash = repository.IndexOf('/');
        var host = slash < 0 ? repository : repository[..slash];
        if (host.Contains('@'))
        {
            return "is not the URL of an OCI repository: it contains credentials; use a pull secret instead, and replace the credentials";
        }

        if (slash >= 0 && repository[repository.LastIndexOf('/')..].ContainsAny('@', ':'))
        {
            return "ends with a tag or digest; leave it out, the version comes from the OCM";
        }

        return slash >= 0 && IsHostAndPort(host) && IsPath(repository[(slash + 1)..])
            ? null
            : "is not the URL of an OCI repository; write it as registry.example.com/path/chart, the path in lower case";
    }

    private static bool IsHostAndPort(ReadOnlySpan<char> text)
    {
        if (text.StartsWith('['))
        {
            var end = text.IndexOf(']');
            return end > 1 && !text[1..end].ContainsAnyExcept(AddressCharacters) && IsPortOrNone(text[(end + 1)..]);
        }

        var colon = text.IndexOf(':');
        var host = colon < 0 ? text : text[..colon];
        return !host.IsEmpty && char.IsAsciiLetterOrDigit(host[0]) && char.IsAsciiLetterOrDigit(host[^1])
            && !host.ContainsAnyExcept(HostCharacters) && IsPortOrNone(text[host.Length..]);
    }

    private static bool IsPortOrNone(ReadOnlySpan<char> text) =>
        text.IsEmpty
        || (text[0] == ':' && text.Length - 1 <= LongestPort

            // A parser of numbers ignores trailing NUL characters.
            && !text[1..].ContainsAnyExceptInRange('0', '9')
            && ushort.TryParse(text[1..], NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0);

    // As in the OCI distribution specification's <name>.
    private static bool IsPath(ReadOnlySpan<char> path)
    {
        foreach (var range in path.Split('/'))
        {
            if (!IsComponent(path[range]))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsComponent(ReadOnlySpan<char> rest)
    {
        while (true)
        {
            var length = rest.IndexOfAnyExcept(NameCharacters);
            if (length < 0)
            {
                return !rest.IsEmpty;
            }

            var separator = SeparatorLength(rest[length..]);
            if (length == 0 || separator == 0)
            {
                return false;
            }

            rest = rest[(length + separator)..];
        }
    }

    // The length of ".", "_", "__" or any number of "-"; 0: none of these.
    private static int SeparatorLength(ReadOnlySpan<char> text) => text[0] switch
    {
        '.' => 1,
        '_' => text.StartsWith("__") ? 2 : 1,
        '-' => text.IndexOfAnyExcept('-') is > 0 and var length ? length : text.Length,
        _ => 0,
    };
}

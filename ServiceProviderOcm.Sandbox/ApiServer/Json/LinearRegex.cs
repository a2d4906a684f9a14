using System.Text.RegularExpressions;

namespace ServiceProviderOcm.Sandbox.ApiServer.Json;

/// <summary>Makes regular expressions that take time linear in the text, like those of Go. All code calls this class.</summary>
internal static class LinearRegex
{
#pragma warning disable RS0030 // this is the one place
    /// <summary>An expression without lookahead, lookbehind and back references.</summary>
    /// <exception cref="NotSupportedException">It has some of these.</exception>
    public static Regex Of(string pattern) =>
        new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture);
#pragma warning restore RS0030
}

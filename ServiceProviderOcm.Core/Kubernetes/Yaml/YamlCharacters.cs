using System.Globalization;
using YamlDotNet.Core;

namespace ServiceProviderOcm.Core.Kubernetes.Yaml;

/// <summary>The characters that YAML may contain. The parser itself accepts others.</summary>
internal static class YamlCharacters
{
    /// <exception cref="YamlException">The text has a control character, or half of a surrogate pair.</exception>
    public static void Check(string yaml)
    {
        var (line, start) = (1L, 0);
        for (var at = 0; at < yaml.Length; at++)
        {
            var character = yaml[at];
            if (character == '\n')
            {
                (line, start) = (line + 1, at + 1);
            }
            else if (char.IsHighSurrogate(character) && at + 1 < yaml.Length && char.IsLowSurrogate(yaml[at + 1]))
            {
                at++;
            }
            else if (!IsAllowed(character))
            {
                var mark = new Mark(at, line, at - start + 1);
                throw new YamlException(
                    mark, mark, string.Create(CultureInfo.InvariantCulture, $"control character \\u{(int)character:x4} is not allowed"));
            }
        }
    }

    private static bool IsAllowed(char character) => character is '\t' or '\n' or '\r' or '\u0085'
        or (>= ' ' and <= '~') or (>= '\u00a0' and <= '\ud7ff') or (>= '\ue000' and <= '\ufffd');
}

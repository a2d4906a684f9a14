using System.Text;

namespace ServiceProviderOcm.Core.Naming;

/// <summary>
/// Names under which this provider and the openMCP platform find each other's objects. Both sides compute them on their own,
/// so that each must equal, byte for byte, what the platform's naming library computes.
/// </summary>
public static class PlatformNames
{
    /// <summary>The most bytes a name may have that also serves as a DNS label or as the value of a label.</summary>
    public const int MaxNameLength = 63;

    /// <summary>The beginning of all names of tenant namespaces.</summary>
    public const string TenantNamespacePrefix = "mcp" + Separator;

    private const string Separator = "--";
    private const string Base32Alphabet = "abcdefghijklmnopqrstuvwxyz234567";
    private const int Base32BitsPerCharacter = 5;
    private const int HashBytes = 5;
    private const int HashCharacters = HashBytes * 8 / Base32BitsPerCharacter;
    private const int MarkLength = 2 + HashCharacters;

    /// <summary>
    /// The namespace on the platform cluster that belongs to one control plane: <c>mcp--</c> and a UUID of version 8 made from
    /// the control plane's namespace and name on the onboarding cluster. Always 41 characters. By the platform's naming library.
    /// </summary>
    /// <exception cref="ArgumentException">Both parts are empty.</exception>
    public static string TenantNamespace(string onboardingNamespace, string onboardingName)
    {
        ArgumentNullException.ThrowIfNull(onboardingNamespace);
        ArgumentNullException.ThrowIfNull(onboardingName);
        if (onboardingNamespace.Length == 0 && onboardingName.Length == 0)
        {
            throw new ArgumentException("A tenant namespace takes a namespace or a name; both are empty.", nameof(onboardingName));
        }

        var uuid = ShakeHash.Of($"{onboardingNamespace}/{onboardingName}", 16);
        uuid[6] = (byte)((uuid[6] & 0x0f) | 0x80);
        uuid[8] = (byte)((uuid[8] & 0x3f) | 0x80);
        return $"{TenantNamespacePrefix}{new Guid(uuid, bigEndian: true)}";
    }

    /// <summary>
    /// The value itself where it fits; otherwise its head, with <c>--</c> and a hash of the whole value in place of the rest.
    /// By the platform's naming library, except that a character of several bytes is never cut in two.
    /// </summary>
    /// <param name="value">What to shorten.</param>
    /// <param name="maxBytes">The maximum length of the result in bytes of UTF-8; at least 11, to leave one byte beside the hash.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxBytes"/> is below 11.</exception>
    public static string Shorten(string value, int maxBytes)
    {
        ArgumentNullException.ThrowIfNull(value);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(maxBytes, MarkLength);
        return Encoding.UTF8.GetByteCount(value) <= maxBytes
            ? value
            : Head(value, maxBytes - MarkLength).TrimEnd('-', '.') + Separator + Base32(ShakeHash.Of(value, HashBytes));
    }

    /// <summary>
    /// The name of a ClusterRequest or an AccessRequest: <c>controller--local</c> in lower case, shortened so that the whole
    /// has at most <see cref="MaxNameLength"/> bytes, and <c>--suffix</c> where there is one, which is never shortened.
    /// By the platform's naming library.
    /// </summary>
    /// <param name="controllerName">The requesting controller; for this provider its API group.</param>
    /// <param name="localName">What the request is for, among the requests of this controller.</param>
    /// <param name="suffix">Distinguishes several requests of the same controller; at most 50 bytes.</param>
    /// <exception cref="ArgumentException">Controller and local name are both empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The suffix leaves no room for a name.</exception>
    public static string RequestName(string controllerName, string localName, string suffix = "")
    {
        ArgumentNullException.ThrowIfNull(controllerName);
        ArgumentNullException.ThrowIfNull(localName);
        ArgumentNullException.ThrowIfNull(suffix);
        if (controllerName.Length == 0 && localName.Length == 0)
        {
            throw new ArgumentException("A request name takes a controller or a local name; both are empty.", nameof(localName));
        }

        var ending = suffix.Length == 0 ? "" : Separator + suffix;
        var name = $"{controllerName}{Separator}{localName}".ToLowerInvariant();
        return Shorten(name, MaxNameLength - Encoding.UTF8.GetByteCount(ending)) + ending;
    }

    private static string Head(string value, int maxBytes)
    {
        var bytes = 0;
        var head = new StringBuilder();
        foreach (var rune in value.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > maxBytes)
            {
                break;
            }

            head.Append(rune.ToString());
        }

        return head.ToString();
    }

    private static string Base32(ReadOnlySpan<byte> fiveBytes)
    {
        var bits = 0UL;
        foreach (var octet in fiveBytes)
        {
            bits = (bits << 8) | octet;
        }

        return string.Create(HashCharacters, bits, static (characters, rest) =>
        {
            for (var i = characters.Length - 1; i >= 0; i--)
            {
                characters[i] = Base32Alphabet[(int)(rest & 0x1f)];
                rest >>= Base32BitsPerCharacter;
            }
        });
    }
}

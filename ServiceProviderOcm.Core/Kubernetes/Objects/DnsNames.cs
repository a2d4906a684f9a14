namespace ServiceProviderOcm.Core.Kubernetes.Objects;

/// <summary>Validates names by the rules that Kubernetes takes from DNS (RFC 1123).</summary>
public static class DnsNames
{
    /// <summary>The maximum length of a label.</summary>
    public const int MaxLabelLength = 63;

    /// <summary>The maximum length of a subdomain.</summary>
    public const int MaxSubdomainLength = 253;

    /// <summary>Whether the text is a DNS label, as the name of a Namespace must be.</summary>
    public static bool IsLabel(string text) => text.Length <= MaxLabelLength && IsLabel(text.AsSpan());

    /// <summary>Whether the text is a DNS subdomain, as the name of a Secret and of most other objects, and an API group must be.</summary>
    public static bool IsSubdomain(string text)
    {
        if (text.Length > MaxSubdomainLength)
        {
            return false;
        }

        foreach (var range in text.AsSpan().Split('.'))
        {
            if (!IsLabel(text.AsSpan()[range]))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsLabel(ReadOnlySpan<char> text)
    {
        foreach (var character in text)
        {
            if (!char.IsAsciiLetterLower(character) && !char.IsAsciiDigit(character) && character != '-')
            {
                return false;
            }
        }

        return !text.IsEmpty && text[0] != '-' && text[^1] != '-';
    }
}

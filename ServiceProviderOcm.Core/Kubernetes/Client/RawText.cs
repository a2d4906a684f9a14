using System.Text;

namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>Strings of JSON as they stand between the quotes.</summary>
internal static class RawText
{
    /// <summary>The length of the beginning of a string, in bytes, without a part of a character or of an escape.</summary>
    /// <param name="raw">Valid JSON, UTF-8 and Unicode.</param>
    /// <param name="maxBytes">The maximum length.</param>
    public static int Beginning(ReadOnlySpan<byte> raw, int maxBytes)
    {
        var length = 0;
        while (length < raw.Length && length + FirstCharacter(raw[length..]) is var next && next <= maxBytes)
        {
            length = next;
        }

        return length;
    }

    private static int FirstCharacter(ReadOnlySpan<byte> raw)
    {
        if (raw[0] == '\\')
        {
            return raw[1] != 'u' ? 2 : IsHighSurrogate(raw[2], raw[3]) ? 12 : 6;
        }

        Rune.DecodeFromUtf8(raw, out _, out var bytes);
        return bytes;
    }

    private static bool IsHighSurrogate(byte first, byte second) => (first | 0x20) == 'd' && (second | 0x20) is '8' or '9' or 'a' or 'b';
}

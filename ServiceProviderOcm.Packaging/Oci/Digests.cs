using System.Security.Cryptography;

namespace ServiceProviderOcm.Packaging.Oci;

/// <summary>Digests as OCI writes them, such as <c>sha256:0123…</c>.</summary>
public static class Digests
{
    private const string Prefix = "sha256:";

    /// <summary>The digest of content.</summary>
    public static string Of(ReadOnlySpan<byte> content) => Prefix + Convert.ToHexStringLower(SHA256.HashData(content));

    /// <summary>The hexadecimal part, which is the name of the blob's file.</summary>
    /// <exception cref="InvalidDataException">It is not a SHA-256 digest.</exception>
    public static string Hex(string digest)
    {
        var hex = digest.StartsWith(Prefix, StringComparison.Ordinal) ? digest[Prefix.Length..] : "";
        return hex.Length == 64 && hex.All(char.IsAsciiHexDigitLower)
            ? hex
            : throw new InvalidDataException($"Digest \"{digest}\" is not a SHA-256 digest");
    }
}

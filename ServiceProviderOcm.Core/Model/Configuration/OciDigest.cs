using System.Buffers;

namespace ServiceProviderOcm.Core.Model.Configuration;

/// <summary>Digests as the OCI image specification has them, of the one algorithm that every registry supports.</summary>
public static class OciDigest
{
    private const string Prefix = "sha256:";
    private const int Digits = 64;

    private static readonly SearchValues<char> Hexadecimal = SearchValues.Create("0123456789abcdef");

    /// <summary>Whether a text is a digest.</summary>
    public static bool IsValid(string text) =>
        text.StartsWith(Prefix, StringComparison.Ordinal)
        && text.Length == Prefix.Length + Digits
        && text.AsSpan(Prefix.Length).IndexOfAnyExcept(Hexadecimal) < 0;
}

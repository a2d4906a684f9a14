using System.Text;
using Org.BouncyCastle.Crypto.Digests;

namespace ServiceProviderOcm.Core.Naming;

/// <summary>
/// SHAKE128 in managed code: <see cref="System.Security.Cryptography.Shake128"/> exists only where the host's OpenSSL brings
/// it, and names must come out the same on every machine.
/// </summary>
internal static class ShakeHash
{
    /// <summary>The first <paramref name="length"/> bytes of the hash over a text's UTF-8 bytes.</summary>
    public static byte[] Of(string text, int length)
    {
        var digest = new ShakeDigest(128);
        digest.BlockUpdate(Encoding.UTF8.GetBytes(text));
        var hash = new byte[length];
        digest.OutputFinal(hash);
        return hash;
    }
}

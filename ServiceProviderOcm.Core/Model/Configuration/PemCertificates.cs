using System.Diagnostics.CodeAnalysis;
using System.Text;
using ServiceProviderOcm.Core.Kubernetes.Text;

namespace ServiceProviderOcm.Core.Model.Configuration;

/// <summary>Reads certificates out of PEM text (RFC 7468), and nothing else: the result is public.</summary>
internal static class PemCertificates
{
    private const string Begin = "-----BEGIN ";
    private const string Label = "CERTIFICATE";

    /// <summary>Reads all certificates. Comments and blocks of other kinds are left out; a private key is refused.</summary>
    /// <param name="text">The text.</param>
    /// <param name="pem">The certificates, one PEM block each.</param>
    /// <param name="error">What is wrong, as the end of a sentence; quotes nothing of the text.</param>
    public static bool TryRead(string text, [NotNullWhen(true)] out string? pem, [NotNullWhen(false)] out string? error)
    {
        pem = null;
        error = null;
        if (text.Contains("PRIVATE KEY-----", StringComparison.OrdinalIgnoreCase))
        {
            error = "contains a private key, which tenants must not read: remove it, and replace the key if others may have read it";
            return false;
        }

        var certificates = new StringBuilder();
        foreach (var (index, block) in PemBlocks.Read(text).Index())
        {
            if (block.Content is null || !block.HasOwnLines)
            {
                var what = block.Content is null ? "that cannot be read" : "whose BEGIN and END are not on lines of their own";
                error = $"has a PEM block, the one at number {index + 1}, {what}";
                return false;
            }

            if (block.Label == Label && !TryAdd(block.Content, certificates))
            {
                error = $"has a PEM block, the one at number {index + 1}, that is not an X.509 certificate";
                return false;
            }
        }

        error = certificates.Length == 0 ? $"contains no PEM certificate ({Begin}{Label}-----)" : null;
        pem = error is null ? certificates.ToString() : null;
        return pem is not null;
    }

    private static bool TryAdd(byte[] der, StringBuilder certificates)
    {
        if (!DerCertificate.TryLoad(der, out var certificate))
        {
            return false;
        }

        using (certificate)
        {
            certificates.Append(certificate.ExportCertificatePem()).Append('\n');
            return true;
        }
    }
}

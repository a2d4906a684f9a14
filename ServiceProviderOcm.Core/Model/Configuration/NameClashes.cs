using ServiceProviderOcm.Core.Model.Api;

namespace ServiceProviderOcm.Core.Model.Configuration;

/// <summary>Objects whose copies in a tenant namespace would have the same name.</summary>
internal static class NameClashes
{
    public static IEnumerable<ConfigIssue> Of(ChartSource source, CaBundleReference caBundle)
    {
        var (pullSecret, verification) = (source.PullSecret, source.Verification?.Secret ?? "");
        if (caBundle != CaBundleReference.None && IsCopiedTo(ObjectNames.CaBundle, pullSecret))
        {
            yield return new ConfigIssue(
                "spec.caBundleRef",
                $"and image pull secret \"{pullSecret}\" would both be copied to Secret {ObjectNames.CaBundle}; rename the image pull secret");
        }

        if (caBundle != CaBundleReference.None && IsCopiedTo(ObjectNames.CaBundle, verification))
        {
            yield return new ConfigIssue(
                $"{source.VerificationPath}.secretRef",
                $"and spec.caBundleRef would both be copied to Secret {ObjectNames.CaBundle}; rename Secret \"{verification}\"");
        }

        if (pullSecret.Length > 0 && IsCopiedTo(ObjectNames.SecretCopy(pullSecret), verification))
        {
            yield return new ConfigIssue(
                $"{source.VerificationPath}.secretRef",
                $"and {source.PullSecretPath} would both be copied to Secret {ObjectNames.SecretCopy(verification)}; use a Secret of another name");
        }
    }

    private static bool IsCopiedTo(string copy, string secret) => secret.Length > 0 && ObjectNames.SecretCopy(secret) == copy;
}

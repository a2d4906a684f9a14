namespace ServiceProviderOcm.Core.Kubernetes.Kubeconfig;

internal static class BearerToken
{
    /// <summary>Whether the text can stand in an <c>Authorization</c> header: visible ASCII without white space.</summary>
    public static bool IsValid(string token) => token.Length > 0 && token.All(c => c is > ' ' and <= '~');
}

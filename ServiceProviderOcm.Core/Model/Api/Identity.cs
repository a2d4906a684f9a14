using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Naming;

namespace ServiceProviderOcm.Core.Model.Api;

/// <summary>Who this controller is on the platform.</summary>
/// <param name="Api">The API group that is served.</param>
/// <param name="ProviderName">The name of the one ProviderConfig that counts.</param>
/// <param name="PodNamespace">The provider's namespace on the platform cluster, which contains the source Secrets.</param>
public sealed record Identity(ProviderApi Api, string ProviderName, string PodNamespace)
{
    /// <summary>The Lease of leader election. Providers of other names or API groups have others.</summary>
    public ObjectKey Lease => new(PodNamespace, PlatformNames.Shorten($"{Api.Group}--{ProviderName}", PlatformNames.MaxNameLength));
}

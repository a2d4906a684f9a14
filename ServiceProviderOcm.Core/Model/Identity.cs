namespace ServiceProviderOcm.Core.Model;

/// <summary>Who this controller is on the platform.</summary>
/// <param name="Api">The API group that is served.</param>
/// <param name="ProviderName">The name of the one ProviderConfig that counts.</param>
/// <param name="PodNamespace">Our own namespace on the platform cluster, where the source Secrets are.</param>
public sealed record Identity(ProviderApi Api, string ProviderName, string PodNamespace);

using ServiceProviderOcm.Core.Kubernetes.Client;

namespace ServiceProviderOcm.Sandbox.Demo.Clusters;

/// <summary>Clients for the clusters of a service provider.</summary>
/// <param name="Platform">The cluster of the provider, its configuration and the Flux objects.</param>
/// <param name="Onboarding">The cluster of the OCMs.</param>
/// <param name="ControlPlane">The control plane, which the tenants share.</param>
internal sealed record ClusterApis(IKubernetesApi Platform, IKubernetesApi Onboarding, IKubernetesApi ControlPlane);

using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;

namespace ServiceProviderOcm.Core.Apply;

/// <summary>Where a step is applied.</summary>
/// <param name="Api">The cluster.</param>
/// <param name="Store">The store that holds objects of the step's kind, to be updated with the response; null if there is none.</param>
public sealed record StepTarget(IKubernetesApi Api, Store? Store);

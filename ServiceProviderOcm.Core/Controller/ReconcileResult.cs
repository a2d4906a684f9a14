using ServiceProviderOcm.Core.Kubernetes.Client;

namespace ServiceProviderOcm.Core.Controller;

/// <summary>How one look at an OCM has ended.</summary>
/// <param name="Failure">What has failed, if anything; the key is then tried again with back-off.</param>
/// <param name="ComeBackAfter">When to look again at the latest, to report what has been put off; null if nothing has.</param>
/// <param name="PollInterval">When to look again even if nothing happens; null if the OCM is gone.</param>
public sealed record ReconcileResult(KubernetesApiException? Failure, TimeSpan? ComeBackAfter, TimeSpan? PollInterval);

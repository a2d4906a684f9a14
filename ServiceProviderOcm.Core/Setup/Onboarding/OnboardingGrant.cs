using ServiceProviderOcm.Core.Kubernetes.Client;

namespace ServiceProviderOcm.Core.Setup.Onboarding;

/// <summary>Whether there is access to the onboarding cluster already.</summary>
/// <param name="Access">Leads to the cluster; null if there is no access.</param>
/// <param name="IsAsked">Whether access has been asked for; if not, that is still to come.</param>
/// <param name="Problem">Why there is no access; empty if there is.</param>
/// <param name="Cure">What to do about it; empty if there is access.</param>
public sealed record OnboardingGrant(IConnectionSource? Access, bool IsAsked = true, string Problem = "", string Cure = "");

using ServiceProviderOcm.Core.Kubernetes.Client;

namespace ServiceProviderOcm.Core.Setup.Onboarding;

/// <summary>The access to the onboarding cluster that is already granted, if any.</summary>
/// <param name="Access">Connects to the cluster; null without access.</param>
/// <param name="IsRequested">Whether access was requested.</param>
/// <param name="Error">Why access is missing; empty with access.</param>
/// <param name="Fix">What to do about it; empty with access.</param>
public sealed record OnboardingGrant(IConnectionSource? Access, bool IsRequested = true, string Error = "", string Fix = "");

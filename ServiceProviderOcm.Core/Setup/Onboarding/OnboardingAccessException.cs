namespace ServiceProviderOcm.Core.Setup.Onboarding;

/// <summary>There is no access to the onboarding cluster. The message says why and what to do.</summary>
public sealed class OnboardingAccessException(string message, Exception? inner = null) : Exception(message, inner);

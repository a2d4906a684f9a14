namespace ServiceProviderOcm.Core.Setup.Onboarding;

/// <summary>Access to the onboarding cluster is not available. The message has the reason and the fix.</summary>
public sealed class OnboardingAccessException(string message, Exception? inner = null) : Exception(message, inner);

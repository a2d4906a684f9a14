using ServiceProviderOcm.Core.Kubernetes.Client;

namespace ServiceProviderOcm.Core.Setup.Onboarding;

/// <summary>Whether access to the onboarding cluster is granted already: exactly one of the nested types.</summary>
public abstract record OnboardingGrant
{
    private OnboardingGrant()
    {
    }

    /// <summary>Access is granted.</summary>
    /// <param name="Access">Connects to the cluster.</param>
    public sealed record Granted(IConnectionSource Access) : OnboardingGrant;

    /// <summary>Access is not granted, or cannot be used.</summary>
    /// <param name="Error">Why access is missing.</param>
    /// <param name="Fix">What to do about it.</param>
    /// <param name="IsRequested">Whether access was requested.</param>
    public sealed record Missing(string Error, string Fix, bool IsRequested = true) : OnboardingGrant;
}

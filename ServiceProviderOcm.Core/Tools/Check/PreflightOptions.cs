namespace ServiceProviderOcm.Core.Tools.Check;

/// <summary>What the controller is going to need, by its settings.</summary>
/// <param name="IsOnboardingLocal">Whether it reaches the onboarding cluster by a kubeconfig of its own.</param>
/// <param name="IsElecting">Whether it elects a leader.</param>
/// <param name="IsSecuringMetrics">Whether it asks the platform cluster who may read its metrics.</param>
public sealed record PreflightOptions(bool IsOnboardingLocal, bool IsElecting, bool IsSecuringMetrics);

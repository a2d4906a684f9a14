namespace ServiceProviderOcm.Core.Tools.Check;

/// <summary>What the controller needs according to its settings.</summary>
/// <param name="IsOnboardingLocal">Whether it reaches the onboarding cluster with its own kubeconfig.</param>
/// <param name="IsElecting">Whether it elects a leader.</param>
/// <param name="IsDetectingGroup">Whether it finds out which API group is in use.</param>
/// <param name="IsSecuringMetrics">Whether readers of the metrics are authorized by the platform cluster.</param>
public sealed record PrerequisiteOptions(bool IsOnboardingLocal, bool IsElecting, bool IsDetectingGroup, bool IsSecuringMetrics);

using ServiceProviderOcm.Core.Kubernetes.WorkQueue;

namespace ServiceProviderOcm.Core.Controller;

/// <summary>What led to a plan with steps on a control plane.</summary>
/// <param name="IsForced">Whether all steps are applied once, also those without drift.</param>
/// <param name="KeepsForced">Whether forced steps of an earlier plan are still wanted.</param>
/// <param name="IsNews">Whether something else than earlier steps on the control plane led to it: then back-off ends.</param>
/// <param name="Priority">How urgent the steps are.</param>
internal readonly record struct ControlPlaneSubmission(bool IsForced, bool KeepsForced, bool IsNews, QueuePriority Priority);

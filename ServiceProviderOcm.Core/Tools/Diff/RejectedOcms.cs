using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Tools.Diff;

/// <summary>OCMs that a configuration cannot be applied to: what is installed stays.</summary>
/// <param name="Reason">The reason of their Ready condition.</param>
/// <param name="Message">The message of their Ready condition.</param>
/// <param name="Ocms">These OCMs.</param>
public sealed record RejectedOcms(string Reason, string Message, IReadOnlyList<ObjectKey> Ocms);

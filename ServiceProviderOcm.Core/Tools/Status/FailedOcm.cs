using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Tools.Status;

/// <summary>An OCM that its update has made unready.</summary>
/// <param name="Key">Its namespace and name.</param>
/// <param name="IsCanary">Whether it is a canary.</param>
/// <param name="Reason">The reason of its Ready condition.</param>
/// <param name="Message">The message of its Ready condition.</param>
public sealed record FailedOcm(ObjectKey Key, bool IsCanary, string Reason, string Message);

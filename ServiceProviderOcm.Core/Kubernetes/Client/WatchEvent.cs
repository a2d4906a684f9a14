using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>One line of a watch stream.</summary>
public sealed record WatchEvent(WatchEventType Type, KubeObject Subject);

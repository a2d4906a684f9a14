using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>One line of a watch stream.</summary>
public sealed record WatchEvent(WatchEventType Type, KubeObject Subject)
{
    /// <summary>Set if the object cannot be read: <see cref="Subject"/> has only what is known of it.</summary>
    public UnreadableObject? Unreadable { get; init; }
}

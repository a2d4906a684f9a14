using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>One line of a watch stream.</summary>
public sealed record WatchEvent(WatchEventType Type, KubeObject Subject)
{
    /// <summary>Whether all objects that existed at the beginning of the watch have been sent.</summary>
    public bool EndsInitialEvents { get; init; }

    /// <summary>Whose resourceVersion it is, where <see cref="EndsInitialEvents"/>.</summary>
    public Uri? Server { get; init; }

    /// <summary>The length of the line, in bytes; 0 if it is not known.</summary>
    public int Bytes { get; init; }

    /// <summary>Set if the object cannot be read: <see cref="Subject"/> has only what is known of it.</summary>
    public UnreadableObject? Unreadable { get; init; }
}

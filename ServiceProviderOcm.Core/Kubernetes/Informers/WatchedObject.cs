using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.Informers;

/// <summary>An object that is watched by its name.</summary>
/// <param name="State">How far <paramref name="Subject"/> can be relied on.</param>
/// <param name="Subject">The object; null if it is not found.</param>
public sealed record WatchedObject(InformerState State, KubeObject? Subject)
{
    /// <summary>The object has not been read yet.</summary>
    public static readonly WatchedObject Starting = new(new InformerState.Starting(), Subject: null);
}

using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.Informers;

/// <summary>What is known of one object that is followed by its name.</summary>
/// <param name="State">How far that can be relied on.</param>
/// <param name="Subject">The object; null if there is none, or none that is known.</param>
public sealed record SeenObject(InformerState State, KubeObject? Subject)
{
    /// <summary>Nobody has looked yet.</summary>
    public static readonly SeenObject Starting = new(InformerState.Starting, Subject: null);
}

using ServiceProviderOcm.Core.Objects;

namespace ServiceProviderOcm.Core.Watch;

/// <summary>What is known of one Secret.</summary>
/// <param name="State">How far that can be relied on.</param>
/// <param name="Secret">The Secret; null if there is none, or none that is known.</param>
public sealed record SeenSecret(InformerState State, KubeObject? Secret)
{
    /// <summary>Nobody has looked yet.</summary>
    public static readonly SeenSecret Starting = new(InformerState.Starting, Secret: null);
}

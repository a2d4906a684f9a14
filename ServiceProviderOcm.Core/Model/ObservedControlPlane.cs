using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Model;

/// <summary>What is known of our own objects on a control plane.</summary>
/// <param name="IsKnown">Whether the control plane has answered.</param>
/// <param name="Namespace">The toolkit's namespace.</param>
/// <param name="Secrets">The Secrets in it that bear our labels.</param>
/// <param name="ConfigMaps">The ConfigMaps in it that bear our labels.</param>
/// <param name="Problem">Why the control plane cannot be looked at, if it cannot.</param>
public sealed record ObservedControlPlane(
    bool IsKnown,
    KubeObject? Namespace,
    IReadOnlyList<KubeObject> Secrets,
    IReadOnlyList<KubeObject> ConfigMaps,
    string? Problem)
{
    /// <summary>Nobody has looked, or the answer has not come yet.</summary>
    public static readonly ObservedControlPlane NotYetKnown = new(IsKnown: false, Namespace: null, [], [], Problem: null);

    /// <summary>The control plane has answered.</summary>
    public static ObservedControlPlane Of(
        KubeObject? toolkitNamespace, IReadOnlyList<KubeObject> secrets, IReadOnlyList<KubeObject> configMaps) =>
        new(IsKnown: true, toolkitNamespace, secrets, configMaps, Problem: null);

    /// <summary>The control plane cannot be looked at.</summary>
    public static ObservedControlPlane Unreachable(string problem) => NotYetKnown with { Problem = problem };
}

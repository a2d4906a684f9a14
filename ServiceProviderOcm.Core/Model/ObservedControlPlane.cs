using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Model;

/// <summary>The managed objects on a control plane.</summary>
/// <param name="Status">How much is known.</param>
/// <param name="Namespace">The toolkit's namespace; null if it does not exist.</param>
/// <param name="Secrets">The Secrets in it with the provider's labels.</param>
/// <param name="ConfigMaps">The ConfigMaps in it with the provider's labels.</param>
/// <param name="Error">Why the control plane is unreachable; empty if it is not.</param>
public sealed record ObservedControlPlane(
    ObservationStatus Status,
    KubeObject? Namespace,
    IReadOnlyList<KubeObject> Secrets,
    IReadOnlyList<KubeObject> ConfigMaps,
    string Error)
{
    /// <summary>Not watched, or not answered yet.</summary>
    public static readonly ObservedControlPlane Unknown = new(ObservationStatus.Unknown, Namespace: null, [], [], "");

    /// <summary>Whether the control plane is regarded as unreachable because it sends more than a limit allows.</summary>
    public bool IsOverLimit { get; init; }

    /// <summary>Whether that limit is no setting.</summary>
    public bool IsFixedLimit { get; init; }

    /// <summary>The objects that exist and cannot be read now.</summary>
    public UnreadableControlPlaneObjects Unreadable { get; init; } = UnreadableControlPlaneObjects.None;

    /// <summary>Whether the control plane has answered.</summary>
    public bool IsKnown => Status == ObservationStatus.Known;

    /// <summary>What the control plane has answered.</summary>
    public static ObservedControlPlane Of(
        KubeObject? toolkitNamespace, IReadOnlyList<KubeObject> secrets, IReadOnlyList<KubeObject> configMaps) =>
        new(ObservationStatus.Known, toolkitNamespace, secrets, configMaps, "");

    /// <summary>The control plane sends more than a limit allows.</summary>
    /// <param name="error">What exceeds which limit.</param>
    /// <param name="isFixedLimit">Whether the limit is no setting.</param>
    public static ObservedControlPlane OverLimit(string error, bool isFixedLimit = false) =>
        Unreachable(error) with { IsOverLimit = true, IsFixedLimit = isFixedLimit };

    /// <summary>The control plane is unreachable.</summary>
    public static ObservedControlPlane Unreachable(string error) => Unknown with { Status = ObservationStatus.Unreachable, Error = error };
}

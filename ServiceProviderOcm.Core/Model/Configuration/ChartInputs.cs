namespace ServiceProviderOcm.Core.Model.Configuration;

/// <summary>What to install for an OCM: the chart and the tag of its version.</summary>
/// <param name="Source">Where the chart comes from, and what it is installed with.</param>
/// <param name="Tag">The chart's tag.</param>
public sealed record ChartInputs(ChartSource Source, string Tag)
{
    /// <summary>Nothing can be installed.</summary>
    public static readonly ChartInputs None = new(ChartSource.None, "");

    /// <summary>The digest of the chart, which is installed whatever the tag points to; empty if none is pinned.</summary>
    public string Digest { get; init; } = "";

    /// <summary>The chart's reference, for messages.</summary>
    public string Reference => Digest.Length == 0 ? $"{Source.Url}:{Tag}" : $"{Source.Url}:{Tag}@{Digest}";

    /// <summary>What is requested on the control plane.</summary>
    public ControlPlaneAccess Access { get; init; } = ControlPlaneAccess.ClusterAdmin;

    /// <summary>How Flux corrects drift of what is installed; null if nothing is configured.</summary>
    public DriftDetection? DriftDetection { get; init; }
}

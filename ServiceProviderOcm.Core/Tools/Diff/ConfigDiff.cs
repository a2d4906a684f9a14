using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Configuration;

namespace ServiceProviderOcm.Core.Tools.Diff;

/// <summary>What a change of the ProviderConfig would do.</summary>
/// <param name="From">The configuration before.</param>
/// <param name="To">The configuration after.</param>
/// <param name="Total">The number of OCMs.</param>
public sealed record ConfigDiff(InstallConfig From, InstallConfig To, int Total)
{
    /// <summary>What would change, the difference of the most OCMs first.</summary>
    public IReadOnlyList<ConfigDifference> Differences { get; init; } = [];

    /// <summary>OCMs that would report an error, for each error.</summary>
    public IReadOnlyList<RejectedOcms> Rejected { get; init; } = [];

    /// <summary>OCMs at an unknown revision, of which the difference is not known.</summary>
    public IReadOnlyList<ObjectKey> Unknown { get; init; } = [];

    /// <summary>The number of OCMs for which the same is installed.</summary>
    public int Unchanged { get; init; }

    /// <summary>The number of OCMs that are paused by an annotation.</summary>
    public int Paused { get; init; }

    /// <summary>The number of OCMs that are not installed yet, or are being deleted.</summary>
    public int NotInstalled { get; init; }

    /// <summary>The number of OCMs that stay as they are, since they or their Flux objects cannot be read.</summary>
    public int Unreadable { get; init; }

    /// <summary>The stages of the rollout.</summary>
    public required RolloutForecast Forecast { get; init; }

    /// <summary>Whether anything would change.</summary>
    public bool HasChanges => Differences.Count > 0 || Rejected.Count > 0 || Unknown.Count > 0;
}

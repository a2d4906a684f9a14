using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Tools.Describe;

/// <summary>One object of a chain. It has nothing of the content of Secrets.</summary>
/// <param name="Cluster">The name of its cluster.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Key">Its namespace and name.</param>
/// <param name="Presence">Whether it exists.</param>
public sealed record ChainObject(string Cluster, ResourceKind Kind, ObjectKey Key, ChainPresence Presence)
{
    /// <summary>Why it was not read; empty if it was.</summary>
    public string Error { get; init; } = "";

    /// <summary>Its phase; empty if it has none.</summary>
    public string Phase { get; init; } = "";

    /// <summary>The revision of the configuration that it is of; empty if it says none.</summary>
    public string Revision { get; init; } = "";

    /// <summary>When a rollout has last updated it; null if none has.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>When it was created, if that is read.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Its last change; null if that is not known.</summary>
    public ChainChange? LastChange { get; init; }

    /// <summary>Whether it is being deleted.</summary>
    public bool IsBeingDeleted { get; init; }

    /// <summary>Its conditions.</summary>
    public IReadOnlyList<ChainCondition> Conditions { get; init; } = [];
}

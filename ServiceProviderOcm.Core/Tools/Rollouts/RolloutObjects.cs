using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;

namespace ServiceProviderOcm.Core.Tools.Rollouts;

/// <summary>What the clusters have that a rollout is decided on.</summary>
public sealed record RolloutObjects
{
    /// <summary>The identity of the provider.</summary>
    public required Identity Identity { get; init; }

    /// <summary>The ProviderConfig.</summary>
    public required KubeObject ProviderConfig { get; init; }

    /// <summary>All OCMs.</summary>
    public required IReadOnlyCollection<KubeObject> Ocms { get; init; }

    /// <summary>The OCIRepositories, by tenant namespace.</summary>
    public IReadOnlyDictionary<string, KubeObject> OciRepositories { get; init; } = None;

    /// <summary>The HelmReleases, by tenant namespace.</summary>
    public IReadOnlyDictionary<string, KubeObject> HelmReleases { get; init; } = None;

    /// <summary>The tenant namespaces, by name.</summary>
    public IReadOnlyDictionary<string, KubeObject> Namespaces { get; init; } = None;

    /// <summary>The stored revisions of the ProviderConfig.</summary>
    public IReadOnlyList<KubeObject> StoredRevisions { get; init; } = [];

    /// <summary>The ConfigMaps of the provider's namespace that the ProviderConfig may refer to, by name.</summary>
    public IReadOnlyDictionary<string, KubeObject> ConfigMaps { get; init; } = None;

    /// <summary>The tenant namespaces with a Flux object that cannot be read.</summary>
    public IReadOnlySet<string> UnreadableTenants { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>The number of OCMs that cannot be read themselves.</summary>
    public int UnreadableOcms { get; init; }

    /// <summary>No objects.</summary>
    public static IReadOnlyDictionary<string, KubeObject> None { get; } = new Dictionary<string, KubeObject>(StringComparer.Ordinal);
}

using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Tools.Check;

/// <summary>What exists before a rollback to the Go provider.</summary>
public sealed record RollbackObjects
{
    /// <summary>The ProviderConfig; null if there is none.</summary>
    public KubeObject? Config { get; init; }

    /// <summary>The OCMs that can be read; null if none are known.</summary>
    public IReadOnlyList<KubeObject>? Ocms { get; init; }

    /// <summary>The OCMs that exceed a limit.</summary>
    public IReadOnlyList<ObjectKey> UnreadableOcms { get; init; } = [];

    /// <summary>The AccessRequest for the onboarding cluster; null if there is none.</summary>
    public KubeObject? Access { get; init; }

    /// <summary>The image pull secrets in the provider's namespace that the ProviderConfig refers to and that exist.</summary>
    public IReadOnlyList<KubeObject> Sources { get; init; } = [];

    /// <summary>The managed Secrets in tenant namespaces.</summary>
    public IReadOnlyList<KubeObject> Copies { get; init; } = [];
}

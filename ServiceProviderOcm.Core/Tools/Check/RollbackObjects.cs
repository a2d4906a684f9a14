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

    /// <summary>The Secrets; null if they cannot be read.</summary>
    public RollbackSecrets? Secrets { get; init; } = new([], []);

    /// <summary>Why the Secrets cannot be read.</summary>
    public string SecretsError { get; init; } = "";
}

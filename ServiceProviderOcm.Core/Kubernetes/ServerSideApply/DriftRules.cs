namespace ServiceProviderOcm.Core.Kubernetes.ServerSideApply;

/// <summary>What is known of a kind, and of its server, when an object is compared with its manifest.</summary>
public sealed record DriftRules
{
    /// <summary>Nothing known: fields without an owner are server defaults, and all others that the manifest has not are removed.</summary>
    public static readonly DriftRules None = new();

    /// <summary>
    /// Fields without a schema, such as Helm values: servers fill in no defaults there, so that whatever the manifest has not is removed,
    /// whoever owns it.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<string>> Untyped { get; init; } = [];

    /// <summary>
    /// Objects to which other components add fields: those directly in them stay, unless the provider has applied them itself.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<string>> Open { get; init; } = [];

    /// <summary>Whether metadata, such as labels, does not count.</summary>
    public bool IgnoresMetadata { get; init; }

    /// <summary>What the server is known to do to objects (<see cref="ServerChanges"/>): no drift.</summary>
    public IReadOnlySet<string> Known { get; init; } = new HashSet<string>(StringComparer.Ordinal);
}

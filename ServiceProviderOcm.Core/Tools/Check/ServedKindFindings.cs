using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Tools.Check;

/// <summary>Judges in which versions a kind of others is served. Pure.</summary>
internal static class ServedKindFindings
{
    /// <param name="name">The finding's name.</param>
    /// <param name="clusterName">Where.</param>
    /// <param name="kind">The kind, in the version that is needed.</param>
    /// <param name="served">The versions that are served.</param>
    /// <param name="cure">How to come by the version that is needed.</param>
    public static Finding Of(string name, string clusterName, ResourceKind kind, IReadOnlyList<string> served, string cure) =>
        served.Contains(kind.Version)
            ? Finding.Ok(name, $"{kind.Kind} is served as {string.Join(", ", served)}.")
            : Finding.Failed(
                name,
                served.Count == 0
                    ? $"The {clusterName} does not know {kind.QualifiedPlural} ({kind.Version})."
                    : $"The {clusterName} knows {kind.QualifiedPlural} as {string.Join(", ", served)} only, and not as {kind.Version}.",
                cure);
}

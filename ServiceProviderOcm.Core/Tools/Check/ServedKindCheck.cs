using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Text;

namespace ServiceProviderOcm.Core.Tools.Check;

/// <summary>Checks that a kind is served in the required version. Pure.</summary>
internal static class ServedKindCheck
{
    /// <param name="name">The result's name.</param>
    /// <param name="clusterName">Where.</param>
    /// <param name="kind">The kind, in the required version.</param>
    /// <param name="served">The versions that are served.</param>
    /// <param name="fix">How to get the required version.</param>
    public static CheckResult Of(string name, string clusterName, ResourceKind kind, IReadOnlyList<string> served, string fix) =>
        served.Contains(kind.Version)
            ? CheckResult.Ok(name, $"{kind.Kind} is served as {ForeignText.Quote(string.Join(", ", served))}.")
            : CheckResult.Failed(
                name,
                served.Count == 0
                    ? $"{kind.QualifiedPlural}/{kind.Version} is not served by the {clusterName}."
                    : $"{kind.QualifiedPlural}/{kind.Version} is not served by the {clusterName}, only {ForeignText.Quote(string.Join(", ", served))}.",
                fix);
}

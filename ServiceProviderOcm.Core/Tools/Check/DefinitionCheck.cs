using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Text;

namespace ServiceProviderOcm.Core.Tools.Check;

/// <summary>Compares a CustomResourceDefinition on a cluster with the one of this release. Pure.</summary>
internal static class DefinitionCheck
{
    private const string RunInit = "Run `init` of this release.";

    /// <param name="name">The result's name.</param>
    /// <param name="clusterName">Where.</param>
    /// <param name="kind">The kind that is defined.</param>
    /// <param name="wanted">The definition of this release.</param>
    /// <param name="there">The one on the cluster; null if not found.</param>
    public static CheckResult Of(string name, string clusterName, ResourceKind kind, KubeObject wanted, KubeObject? there)
    {
        if (there is null)
        {
            return Missing(name, clusterName, kind);
        }

        if (there.IsBeingDeleted)
        {
            return CheckResult.Failed(
                name,
                $"CustomResourceDefinition {there.Name} on the {clusterName} is being deleted, including all objects of its kind.",
                $"Wait until it is deleted. {RunInit}");
        }

        if (there.Condition("Established").Text("status") != "True")
        {
            return CheckResult.Failed(
                name,
                $"CustomResourceDefinition {there.Name} on the {clusterName} is not established: {ReasonOf(there)}.",
                "Check its conditions with kubectl describe crd.");
        }

        return Version(there, kind.Version) is { } version && version.At("served") is { ValueKind: JsonValueKind.True }
            ? Compare(name, clusterName, kind, Version(wanted, kind.Version)!.Value, version)
            : CheckResult.Failed(
                name, $"CustomResourceDefinition {there.Name} on the {clusterName} does not serve {kind.Version}.", RunInit);
    }

    /// <summary>The result where the definition must not be read.</summary>
    public static CheckResult Unread(
        string name, string clusterName, ResourceKind kind, IReadOnlyList<string> served, KubernetesApiException forbidden) =>
        served.Contains(kind.Version)
            ? CheckResult.Warning(
                name,
                $"{kind.Kind} is served as {kind.Version}. Its definition was not compared with this release: "
                    + $"{forbidden.Message.TrimEnd('.')}.",
                $"Use a kubeconfig that may list CustomResourceDefinitions on the {clusterName}, or run `init` of this release, "
                    + "which is safe to repeat.")
            : Missing(name, clusterName, kind);

    private static string ReasonOf(KubeObject definition) =>
        definition.Condition("NamesAccepted").Text("message") is { Length: > 0 } message
            ? ForeignText.Quote(message)
            : "the API server gave no reason";

    private static CheckResult Missing(string name, string clusterName, ResourceKind kind) => CheckResult.Failed(
        name, $"{kind.Kind} ({kind.ApiVersion}) is not installed on the {clusterName}.", RunInit);

    private static CheckResult Compare(string name, string clusterName, ResourceKind kind, JsonElement wanted, JsonElement there)
    {
        var differences = SchemaDifference.Of(wanted, there);
        if (differences.FirstOrDefault(difference => !difference.IsExtra) is { } missing)
        {
            return CheckResult.Failed(
                name,
                $"The definition of {kind.Kind} on the {clusterName} differs from this release: {missing.Path} is "
                    + "missing or different.",
                RunInit);
        }

        return differences is [var extra, ..]
            ? CheckResult.Warning(
                name,
                $"The definition of {kind.Kind} on the {clusterName} has a field that is unknown to this release: {extra.Path}. A newer "
                    + "release or another provider may have installed it.",
                "Run `init` of the release that you deploy.")
            : CheckResult.Ok(name, $"{kind.Kind} is served as {kind.Version}, with the definition of this release.");
    }

    private static JsonElement? Version(KubeObject definition, string name) => definition.Json.Items("spec", "versions")
        .Where(version => version.Text("name") == name)
        .Select(version => (JsonElement?)version)
        .FirstOrDefault();
}

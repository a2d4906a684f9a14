using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Tools.Check;

/// <summary>Compares a CustomResourceDefinition on a cluster with the one of this release. Pure.</summary>
internal static class DefinitionFindings
{
    private const string RunInit = "Run init of this release.";

    /// <param name="name">The finding's name.</param>
    /// <param name="clusterName">Where.</param>
    /// <param name="kind">The kind that is defined.</param>
    /// <param name="wanted">The definition of this release.</param>
    /// <param name="there">The one on the cluster; null if there is none.</param>
    public static Finding Of(string name, string clusterName, ResourceKind kind, KubeObject wanted, KubeObject? there)
    {
        if (there is null)
        {
            return Missing(name, clusterName, kind);
        }

        if (there.IsBeingDeleted)
        {
            return Finding.Failed(
                name,
                $"CustomResourceDefinition {there.Name} on the {clusterName} is being deleted, and all objects of its kind with it.",
                $"When it is gone: {RunInit}");
        }

        if (there.Condition("Established").Text("status") != "True")
        {
            return Finding.Failed(
                name,
                $"CustomResourceDefinition {there.Name} on the {clusterName} is not established: "
                    + $"{there.Condition("NamesAccepted").Text("message") ?? "the API server has not said why"}.",
                "See its conditions with kubectl describe crd.");
        }

        return Version(there, kind.Version) is { } version && version.At("served") is { ValueKind: JsonValueKind.True }
            ? Compare(name, clusterName, kind, Version(wanted, kind.Version)!.Value, version)
            : Finding.Failed(
                name, $"CustomResourceDefinition {there.Name} on the {clusterName} does not serve {kind.Version}.", RunInit);
    }

    /// <summary>What can be told where the definition may not be read.</summary>
    public static Finding Unread(
        string name, string clusterName, ResourceKind kind, IReadOnlyList<string> served, KubernetesApiException refusal) =>
        served.Contains(kind.Version)
            ? Finding.Warning(
                name,
                $"{kind.Kind} is served as {kind.Version}. Whether the definition is of this release cannot be told: "
                    + $"{refusal.Message.TrimEnd('.')}.",
                $"Check with a kubeconfig that may list CustomResourceDefinitions on the {clusterName}; or run init of this release, "
                    + "which does no harm.")
            : Missing(name, clusterName, kind);

    private static Finding Missing(string name, string clusterName, ResourceKind kind) => Finding.Failed(
        name, $"{kind.Kind} ({kind.ApiVersion}) is not installed on the {clusterName}.", RunInit);

    private static Finding Compare(string name, string clusterName, ResourceKind kind, JsonElement wanted, JsonElement there)
    {
        var differences = SchemaDifference.Of(wanted, there);
        if (differences.FirstOrDefault(difference => !difference.IsBesides) is { } missing)
        {
            return Finding.Failed(
                name,
                $"The definition of {kind.Kind} on the {clusterName} is older than this release, or another's: {missing.Path} is "
                    + "missing or different.",
                RunInit);
        }

        return differences is [var besides, ..]
            ? Finding.Warning(
                name,
                $"The definition of {kind.Kind} on the {clusterName} has more than this release knows: {besides.Path}. A newer release "
                    + "or another provider has been here.",
                "Run init of the release that is to run.")
            : Finding.Ok(name, $"{kind.Kind} is served as {kind.Version}, defined as this release has it.");
    }

    private static JsonElement? Version(KubeObject definition, string name) => definition.Json.Items("spec", "versions")
        .Where(version => version.Text("name") == name)
        .Select(version => (JsonElement?)version)
        .FirstOrDefault();
}

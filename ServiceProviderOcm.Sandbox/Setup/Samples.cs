using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Sandbox.Setup;

/// <summary>The manifests in <c>deploy/samples</c> and below that the sandbox begins with, or has people apply.</summary>
internal static class Samples
{
    /// <summary>How the provider is configured.</summary>
    public static KubeObject ProviderConfig => Single("providerconfig.yaml");

    /// <summary>The pull secret that the configuration names.</summary>
    public static KubeObject PullSecret => Single("pull-secret.yaml");

    /// <summary>The tenants' wishes.</summary>
    public static IReadOnlyList<KubeObject> Ocms => [.. Resources.Read($"samples/{OcmsFile}").Select(KubeObject.From)];

    /// <summary>The file with <see cref="Ocms"/>.</summary>
    public static string OcmsFile => "three-tenants.yaml";

    /// <summary>The file with an object that depends on the toolkit.</summary>
    public static string RepositoryFile => "repository.yaml";

    /// <summary>A file as it is.</summary>
    public static string Text(string file) => Resources.Text($"samples/{file}");

    private static KubeObject Single(string file) => KubeObject.From(Resources.Read($"samples/{file}").Single());
}

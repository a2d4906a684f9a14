using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Sandbox.Demo.Files;

/// <summary>The manifests of <c>deploy/samples</c> that the sandbox applies, or suggests to apply.</summary>
internal static class Samples
{
    /// <summary>The ProviderConfig.</summary>
    public static KubeObject ProviderConfig => Single("providerconfig.yaml");

    /// <summary>The pull secret of the ProviderConfig.</summary>
    public static KubeObject PullSecret => Single("pull-secret.yaml");

    /// <summary>The OCMs of the tenants.</summary>
    public static IReadOnlyList<KubeObject> Ocms => [.. EmbeddedFiles.Read($"samples/{OcmsFile}").Select(KubeObject.From)];

    /// <summary>The OCM of a single tenant.</summary>
    public static KubeObject Ocm => Single(OcmFile);

    /// <summary>An object that needs the toolkit.</summary>
    public static KubeObject Repository => Single(RepositoryFile);

    public static string OcmFile => "ocm.yaml";

    public static string OcmsFile => "three-tenants.yaml";

    /// <summary>The file with an object that needs the toolkit.</summary>
    public static string RepositoryFile => "repository.yaml";

    public static string Text(string file) => EmbeddedFiles.Text($"samples/{file}");

    private static KubeObject Single(string file) => KubeObject.From(EmbeddedFiles.Read($"samples/{file}").Single());
}

namespace ServiceProviderOcm.Sandbox.ApiServer.Writes;

/// <summary>The media types of bodies.</summary>
internal static class MediaTypes
{
    /// <summary>Server-side apply, in YAML or JSON.</summary>
    public const string ApplyPatch = "application/apply-patch+yaml";

    public const string MergePatch = "application/merge-patch+json";

    /// <summary>Objects as JSON.</summary>
    public const string Json = "application/json";

    /// <summary>Objects as YAML.</summary>
    public const string Yaml = "application/yaml";

    /// <summary>All media types of patches, for messages.</summary>
    public const string Patches = $"{MergePatch}, {ApplyPatch}";
}

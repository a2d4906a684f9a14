namespace ServiceProviderOcm.Sandbox.Writes;

/// <summary>The forms of bodies.</summary>
internal static class MediaTypes
{
    /// <summary>Server-side apply; YAML, and so JSON, too.</summary>
    public const string ApplyPatch = "application/apply-patch+yaml";

    /// <summary>JSON merge patch.</summary>
    public const string MergePatch = "application/merge-patch+json";

    /// <summary>JSON patch.</summary>
    public const string JsonPatch = "application/json-patch+json";

    /// <summary>What kubectl sends for built-in kinds.</summary>
    public const string StrategicMergePatch = "application/strategic-merge-patch+json";

    /// <summary>Plain objects.</summary>
    public const string Json = "application/json";

    /// <summary>Plain objects as YAML.</summary>
    public const string Yaml = "application/yaml";

    /// <summary>All forms of patches, for people.</summary>
    public const string Patches = $"{JsonPatch}, {MergePatch}, {ApplyPatch}";
}

namespace ServiceProviderOcm.Core.Kubernetes.Yaml;

/// <summary>Manifests that cannot be meant. The message is for people, and begins with file and line where there are any.</summary>
public sealed class ManifestException : Exception
{
    /// <summary>Something is wrong with the manifests as a whole.</summary>
    public ManifestException(string error)
        : base(error)
    {
    }

    /// <summary>Something is wrong at one place.</summary>
    public ManifestException(SourcePosition at, string error)
        : base($"{at}: {error}")
    {
    }
}

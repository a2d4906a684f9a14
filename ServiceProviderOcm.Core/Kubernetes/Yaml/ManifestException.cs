namespace ServiceProviderOcm.Core.Kubernetes.Yaml;

/// <summary>Invalid manifests. The message starts with file and line, if known.</summary>
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

using ServiceProviderOcm.Packaging.Documents;

namespace ServiceProviderOcm.Packaging;

/// <summary>What is made of what.</summary>
public sealed record PackOptions
{
    /// <summary>What all documents say.</summary>
    public required VersionFacts Facts { get; init; }

    /// <summary>The root of the repository.</summary>
    public required string Repository { get; init; }

    /// <summary>The OCI image layout of the base image.</summary>
    public required string BaseLayout { get; init; }

    /// <summary>The name and digest of the base image in its registry, such as <c>registry.example.com/base@sha256:…</c>; null if it is in none.</summary>
    public string? BaseName { get; init; }

    /// <summary>The folder with the published program, by architecture.</summary>
    public required IReadOnlyDictionary<string, string> Programs { get; init; }

    /// <summary>The name of the OCM component.</summary>
    public required string Component { get; init; }

    /// <summary>The provider of the OCM component.</summary>
    public required string Provider { get; init; }

    /// <summary>The version of the .NET SDK that has published the program.</summary>
    public required string Sdk { get; init; }

    /// <summary>What the program was linked with, as <c>NAME=VERSION</c>.</summary>
    public IReadOnlyList<string> Tools { get; init; } = [];

    /// <summary>Who builds.</summary>
    public required Uri Builder { get; init; }

    /// <summary>The run of the builder; null for a local one.</summary>
    public Uri? Invocation { get; init; }

    /// <summary>Whether the changelog must have a section of the version.</summary>
    public bool IsReleased { get; init; }

    /// <summary>The folder to be created.</summary>
    public required string Output { get; init; }
}

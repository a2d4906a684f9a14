namespace ServiceProviderOcm.Core.Objects;

/// <summary>An object, and where it is written.</summary>
public sealed record SourcedObject(KubeObject Manifest, SourcePosition At);

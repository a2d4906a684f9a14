using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.Yaml;

/// <summary>An object, and where it is written.</summary>
public sealed record SourcedObject(KubeObject Manifest, SourcePosition At);

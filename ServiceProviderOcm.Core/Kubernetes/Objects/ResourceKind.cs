namespace ServiceProviderOcm.Core.Kubernetes.Objects;

/// <summary>
/// A kind of object as the API server serves it. Kinds are values: to work with one more of them is to write down one more.
/// </summary>
/// <param name="Group">API group; empty for the core group.</param>
/// <param name="Version">API version within the group, such as <c>v1alpha1</c>.</param>
/// <param name="Kind">CamelCase singular, as it stands in <c>kind:</c>.</param>
/// <param name="Plural">Lower-case plural, as it stands in request paths and RBAC rules.</param>
/// <param name="IsNamespaced">Whether objects of the kind live in namespaces.</param>
public sealed record ResourceKind(string Group, string Version, string Kind, string Plural, bool IsNamespaced = true)
{
    /// <summary><c>group/version</c>, or only the version in the core group.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary><c>plural.group</c>, the way <c>kubectl</c> and the API server's messages name a resource.</summary>
    public string QualifiedPlural => Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    /// <inheritdoc/>
    public override string ToString() => $"{Kind} ({ApiVersion})";
}
